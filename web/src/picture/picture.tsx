import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { WhepSession } from "../whep.js";
import type { PictureMode, Size } from "./placement.js";
import type { OpenStillLayer } from "./still-layer.js";
import { useDragToScroll } from "./use-drag-to-scroll.js";
import { usePlacement } from "./use-placement.js";

/** The elements that make up what a viewer sees. */
export interface PictureElements {
  readonly video: RefObject<HTMLVideoElement | null>;
  /** The still layer's canvas, over the video. */
  readonly stills: RefObject<HTMLCanvasElement | null>;
}

interface PictureProps {
  readonly session: WhepSession | undefined;
  readonly elements: PictureElements;
  readonly label: string;
  readonly mode: PictureMode;
  /** Size to lay out by before the first frame is there. */
  readonly expectedSize: Size;
  readonly openStillLayer: OpenStillLayer;
  onFrame(frame: VideoFrameCallbackMetadata): void;
  /** The browser does not play without a gesture. */
  onBlocked(): void;
  onDoubleClick(): void;
}

/** The picture of a stream: the video, the still layer over it, and the last frame of the session before until the next comes. */
export function Picture(props: PictureProps) {
  const { session, elements, label, mode, expectedSize, openStillLayer, onFrame, onBlocked, onDoubleClick } = props;
  const { video, stills } = elements;
  const area = useRef<HTMLDivElement>(null);
  const held = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState(expectedSize);
  const placement = usePlacement(area, size.width > 0 ? size : { width: 16, height: 9 }, mode);
  useDragToScroll(area, mode === "pixels");

  useLayoutEffect(() => {
    const element = video.current;
    if (!session || !element || !stills.current) return;
    hold(element, held.current);
    element.srcObject = new MediaStream([session.receiver.track]);
    element.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") onBlocked();
    });
    const { channels, stillFrames } = session;
    const layer = openStillLayer({ canvas: stills.current, channels, stillFrames });
    let request = 0;
    const nextFrame = (_now: number, frame: VideoFrameCallbackMetadata) => {
      request = element.requestVideoFrameCallback(nextFrame);
      layer.frameShown({ rtpTimestamp: frame.rtpTimestamp, width: frame.width, height: frame.height });
      if (held.current?.width) held.current.width = held.current.height = 0;
      onFrame(frame);
    };
    request = element.requestVideoFrameCallback(nextFrame);
    return () => {
      element.cancelVideoFrameCallback(request);
      layer.close();
    };
  }, [session, video, stills, openStillLayer, onFrame, onBlocked]);

  useEffect(() => {
    const element = video.current;
    const resized = () => element && setSize({ width: element.videoWidth, height: element.videoHeight });
    element?.addEventListener("resize", resized);
    return () => element?.removeEventListener("resize", resized);
  }, [video]);

  useEffect(() => {
    const element = area.current;
    element?.addEventListener("dblclick", onDoubleClick);
    return () => element?.removeEventListener("dblclick", onDoubleClick);
  }, [onDoubleClick]);

  const { left, top, width, height, scale } = placement;
  const rectangle = { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` };
  return (
    <div class="picture" ref={area} data-mode={mode}>
      <div class="picture-layers" style={rectangle} data-exact={Number.isInteger(scale)}>
        <video ref={video} aria-label={label} autoplay muted playsInline disableRemotePlayback />
        <canvas ref={held} width={0} height={0} />
        <canvas ref={stills} width={size.width} height={size.height} />
      </div>
    </div>
  );
}

/** Copies the frame that is shown, so that it stays while the video takes up another session. */
function hold(video: HTMLVideoElement, canvas: HTMLCanvasElement | null): void {
  if (!canvas || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
}
