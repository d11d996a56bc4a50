import type { Frame } from "node-av/lib";
import { BandAliases } from "./native/band-aliases.js";
import { cutBands } from "./native/band-heights.js";
import { hasSameLayout } from "./native/color.js";
import { copyRows } from "./native/copy-rows.js";
import { allocatePicture, frameOf, type PictureFrame, type PictureLayout } from "./native/picture-frame.js";
import { interpolationFor, ScaleContext } from "./native/scale-context.js";
import type { ChangedRows, Picture } from "./picture.js";

/** Above this share of changed rows the whole picture is converted at once: pieces cost a copy more. */
const WHOLE_PICTURE_SHARE = 0.75;

/** Halves what 4:2:0 waits for a page that flips (3.3 ms → 2.0 in 1080p) for a sixth more work. */
const WHOLE_PICTURE_THREADS = 2;

/** A picture as an encoder wants it. */
export interface ConvertedPicture {
  /** Persistent: the next conversion writes into the same memory. */
  readonly picture: Picture;
  /** What differs from the conversion before. */
  readonly changed: ChangedRows;
}

/** A band height's context and the picture between swscale and the target. */
interface BandStage {
  readonly context: ScaleContext;
  readonly intermediate: PictureFrame;
}

/**
 * Brings pictures of any layout to one layout, in memory that stays in place. Of BGRX pictures that keep their size only
 * the changed rows are converted. A target at most one pixel smaller than the source crops it (4:2:0 needs even sizes);
 * any other size scales it.
 */
export class Converter {
  readonly target: PictureLayout;
  private readonly output: PictureFrame;
  private readonly aliases = new BandAliases();
  private readonly stages = new Map<number, BandStage>();
  private whole: { context: ScaleContext; from: PictureLayout } | undefined;
  private staging: PictureFrame | undefined;
  /** Whether the output holds the source's last picture, so that changed rows suffice. */
  private isCurrent = false;

  constructor(target: PictureLayout) {
    this.target = target;
    this.output = allocatePicture(target);
  }

  /**
   * Converts one picture.
   *
   * @param changed - what differs from the picture that was converted last
   * @returns the source's own picture if nothing is to be done
   */
  convert(picture: Picture, changed: ChangedRows): ConvertedPicture {
    if (frameOf(picture) !== undefined && hasSameLayout(picture, this.target)) return { picture, changed };
    const isCropped = this.crops(picture);
    if (this.isCurrent && isCropped && picture.format === "bgrx" && changed !== "all") {
      return this.convertBands(picture, changed);
    }
    this.convertWhole(picture, isCropped);
    this.isCurrent = true;
    return { picture: this.output.picture, changed: "all" };
  }

  /** Frees the scaling contexts. Pictures that were returned stay valid. */
  close(): void {
    this.whole?.context.close();
    for (const stage of this.stages.values()) stage.context.close();
    this.stages.clear();
    this.whole = undefined;
  }

  private crops(picture: Picture): boolean {
    const [across, down] = [picture.width - this.target.width, picture.height - this.target.height];
    return across >= 0 && across <= 1 && down >= 0 && down <= 1;
  }

  private convertBands(picture: Picture, changed: Exclude<ChangedRows, "all">): ConvertedPicture {
    const height = this.target.height;
    const bands = changed
      .map(({ y, height: rows }) => ({ y, height: Math.min(rows, height - y) }))
      .filter((band) => band.height > 0);
    const rows = bands.reduce((sum, band) => sum + band.height, 0);
    if (rows > height * WHOLE_PICTURE_SHARE) {
      this.convertWhole(picture, true);
    } else {
      for (const piece of cutBands(bands)) this.convertPiece(picture, piece);
    }
    return { picture: this.output.picture, changed: bands };
  }

  private convertPiece(picture: Picture, { y, height }: { y: number; height: number }): void {
    let stage = this.stages.get(height);
    if (stage === undefined) {
      const size = { width: this.target.width, height };
      const intermediate = allocatePicture({ ...this.target, ...size });
      stage = {
        context: new ScaleContext(interpolationFor({ ...picture, ...size }, intermediate.picture)),
        intermediate,
      };
      this.stages.set(height, stage);
    }
    stage.context.scale(this.aliases.get(picture, { y, height, width: this.target.width }), stage.intermediate.frame);
    copyRows(stage.intermediate.picture, this.output.picture, { fromY: 0, toY: y, height });
  }

  private convertWhole(picture: Picture, isCropped: boolean): void {
    const { width, height } = isCropped ? this.target : picture;
    const from: PictureLayout = { ...picture, width, height };
    if (this.whole === undefined || !hasSameLayout(this.whole.from, from)) {
      this.whole?.context.close();
      this.whole = { context: new ScaleContext(interpolationFor(from, this.target), WHOLE_PICTURE_THREADS), from };
    }
    this.whole.context.scale(this.frameFor(picture, from), this.output.frame);
  }

  /** The picture as a frame; copied only if it lies in planes that FFmpeg did not allocate. */
  private frameFor(picture: Picture, from: PictureLayout): Frame {
    const frame = frameOf(picture);
    if (frame !== undefined && hasSameLayout(picture, from)) return frame;
    if (picture.format === "bgrx") return this.aliases.get(picture, { y: 0, ...from });
    if (this.staging === undefined || !hasSameLayout(this.staging.picture, from)) this.staging = allocatePicture(from);
    copyRows(picture, this.staging.picture, { fromY: 0, toY: 0, height: from.height });
    return this.staging.frame;
  }
}
