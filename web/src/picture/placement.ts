/** A size in any unit. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How a picture is shown. */
export type PictureMode =
  /** As large as the window allows. */
  | "fit"
  /** One pixel of the picture is one pixel of the screen; what does not fit is scrolled to. */
  | "pixels";

/** Where the picture lies in its area, in CSS pixels. */
export interface Placement extends Size {
  readonly left: number;
  readonly top: number;
  /** Screen pixels per picture pixel. */
  readonly scale: number;
}

/** A picture that misses the area by so few screen pixels is cut, not scaled: scaling by 0.999 would blur every letter. */
const NEARLY_FITS_PX = 8;

/**
 * Places a picture in its area, on whole screen pixels.
 *
 * @param picture - in picture pixels
 * @param area - in CSS pixels
 * @param devicePixelRatio - screen pixels per CSS pixel
 */
export function placePicture(picture: Size, area: Size, devicePixelRatio: number, mode: PictureMode): Placement {
  const screen = { width: area.width * devicePixelRatio, height: area.height * devicePixelRatio };
  const scale = mode === "pixels" || nearlyFits(picture, screen) ? 1 : fittingScale(picture, screen);
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  // What lies left of 0 cannot be scrolled to, and what is cut is cut at the far edge.
  const start = (room: number, length: number) => Math.max(0, Math.floor((room - length) / 2)) / devicePixelRatio;
  return {
    left: start(screen.width, width),
    top: start(screen.height, height),
    width: width / devicePixelRatio,
    height: height / devicePixelRatio,
    scale,
  };
}

function fittingScale(picture: Size, screen: Size): number {
  if (picture.width === 0 || picture.height === 0) return 1;
  return Math.min(screen.width / picture.width, screen.height / picture.height);
}

/** Whether the side that limits the picture differs from the screen's by next to nothing, and the other one leaves room. */
function nearlyFits(picture: Size, screen: Size): boolean {
  const spare = [screen.width - picture.width, screen.height - picture.height];
  const tightest = Math.min(...spare);
  return Math.abs(tightest) <= NEARLY_FITS_PX;
}
