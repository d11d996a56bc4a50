import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { StreamDescription } from "../connection/streams.js";
import { useViewer, type Viewer } from "../connection/use-viewer.js";
import { type Reading, StreamMeter } from "../figures/stream-meter.js";
import { useWords } from "../language/language.js";
import { useFullScreen } from "../page-hooks.js";
import type { PageServices } from "../page-services.js";
import { Picture } from "../picture/picture.js";
import type { Settings } from "../settings.js";
import { FiguresPanel } from "./figures-panel.js";
import { StreamControls, type StreamNavigation } from "./stream-controls.js";
import { StreamNotice, stateText } from "./stream-notice.js";

/** How often the figures are read. */
const READING_INTERVAL_MS = 1_000;

interface StreamViewProps {
  readonly stream: StreamDescription;
  readonly services: PageServices;
  readonly settings: Settings;
  /** Whether it has the whole window, with controls; else it is a tile of the grid. */
  readonly enlarged: boolean;
  /** Whether the server answers. */
  readonly reachable: boolean;
  readonly navigation: StreamNavigation;
  onEnlarge(): void;
  onSettings(change: Partial<Settings>): void;
  onHelp(): void;
  onToast(text: string): void;
}

/** One stream: its picture, why there is none, and in the whole window its controls and figures. */
export function StreamView(props: StreamViewProps) {
  const { stream, services, settings, enlarged, reachable } = props;
  const words = useWords();
  const viewer = useViewer(stream.id, services);
  const elements = { video: useRef<HTMLVideoElement>(null), stills: useRef<HTMLCanvasElement>(null) };
  const [hasPicture, setHasPicture] = useState(false);
  const [blocked, setBlocked] = useState(false);
  const { reading, frameShown } = useReading(viewer);
  const onFrame = useCallback(
    (frame: VideoFrameCallbackMetadata) => {
      frameShown(frame);
      setHasPicture(true);
      setBlocked(false);
    },
    [frameShown],
  );
  const onBlocked = useCallback(() => setBlocked(true), []);
  const fullScreen = useFullScreen();
  const play = () => void elements.video.current?.play();
  const live = viewer.state === "connected" && hasPicture;
  return (
    <section
      class="stream"
      data-state={viewer.state}
      data-live={live}
      data-enlarged={enlarged}
      aria-label={words.stream(stream.name)}
    >
      <Picture
        session={viewer.session}
        elements={elements}
        label={stream.name}
        mode={enlarged ? settings.pictureMode : "fit"}
        expectedSize={stream}
        openStillLayer={services.openStillLayer}
        onFrame={onFrame}
        onBlocked={onBlocked}
        onDoubleClick={() => fullScreen.toggle(elements.video.current)}
      />
      <p class="visually-hidden" role="status">
        {`${stream.name}: ${stateText(words, viewer.state, reachable)}`}
      </p>
      {!live && <StreamNotice viewer={viewer} reachable={reachable} blocked={blocked} onPlay={play} />}
      {enlarged && settings.showsFigures && <FiguresPanel reading={reading} />}
      {enlarged ? (
        <StreamControls {...props} live={live} latencyMs={reading?.latencyMs} elements={elements} />
      ) : (
        <button type="button" class="tile" aria-label={words.enlarge(stream.name)} onClick={props.onEnlarge}>
          <span class="name">
            <span class="dot" aria-hidden="true" />
            {stream.name}
          </span>
        </button>
      )}
    </section>
  );
}

/** Measures the session that is shown, and reads it every second. */
function useReading({ session }: Viewer) {
  const [reading, setReading] = useState<Reading>();
  const meter = useMemo(() => session && new StreamMeter(session), [session]);
  useEffect(() => {
    if (!meter) return;
    const read = () => void meter.read().then(setReading, () => {}); // the session has ended meanwhile
    const timer = window.setInterval(read, READING_INTERVAL_MS);
    return () => window.clearInterval(timer);
  }, [meter]);
  const frameShown = useCallback((frame: VideoFrameCallbackMetadata) => meter?.frameShown(frame), [meter]);
  return { reading, frameShown };
}
