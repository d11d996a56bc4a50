import type { StreamDescription } from "../connection/streams.js";
import { useWords } from "../language/language.js";
import { useFullScreen, useShortcuts } from "../page-hooks.js";
import type { PictureElements } from "../picture/picture.js";
import { saveSnapshot } from "../picture/snapshot.js";
import type { Settings } from "../settings.js";
import { ControlButton } from "./control-button.js";

/** Goes to other streams; what is absent cannot be gone to. */
export interface StreamNavigation {
  readonly toGrid?: (() => void) | undefined;
  readonly toPrevious?: (() => void) | undefined;
  readonly toNext?: (() => void) | undefined;
}

interface StreamControlsProps {
  readonly stream: StreamDescription;
  readonly settings: Settings;
  readonly navigation: StreamNavigation;
  readonly elements: PictureElements;
  /** Whether the newest picture is shown. */
  readonly live: boolean;
  readonly latencyMs: number | undefined;
  onSettings(change: Partial<Settings>): void;
  onHelp(): void;
  onToast(text: string): void;
}

/** The bar with everything that can be done with an enlarged stream, by pointer, touch or key. */
export function StreamControls(props: StreamControlsProps) {
  const { stream, settings, navigation, elements, live, latencyMs, onSettings, onHelp, onToast } = props;
  const words = useWords();
  const fullScreen = useFullScreen();
  const { pictureMode, showsFigures } = settings;

  const snapshot = async () => {
    const video = elements.video.current;
    if (!video?.videoWidth) return;
    await saveSnapshot(video, stream.name);
    onToast(words.snapshotSaved);
  };
  const pictureInPicture = () => {
    if (document.pictureInPictureElement) void document.exitPictureInPicture();
    else elements.video.current?.requestPictureInPicture().catch(() => {}); // refused: nothing changes
  };
  const toggleFullScreen = () => fullScreen.toggle(elements.video.current);
  const toggleMode = () => onSettings({ pictureMode: pictureMode === "fit" ? "pixels" : "fit" });
  const toggleFigures = () => onSettings({ showsFigures: !showsFigures });
  const { toGrid, toPrevious, toNext } = navigation;
  useShortcuts({
    f: toggleFullScreen,
    z: toggleMode,
    s: snapshot,
    p: pictureInPicture,
    i: toggleFigures,
    ...(toGrid && { g: toGrid, escape: toGrid }),
    ...(toPrevious && { arrowleft: toPrevious }),
    ...(toNext && { arrowright: toNext }),
  });

  return (
    <nav class="bar" aria-label={words.controls}>
      {toGrid && <ControlButton icon="grid" label={words.allStreams} shortcut="g" onClick={toGrid} />}
      {toPrevious && <ControlButton icon="previous" label={words.previousStream} onClick={toPrevious} />}
      {toNext && <ControlButton icon="next" label={words.nextStream} onClick={toNext} />}
      <p class="name">
        <span class="dot" aria-hidden="true" />
        <span class="title">{stream.name}</span>
        {live && <small>{latencyMs === undefined ? words.connected : `${Math.round(latencyMs)} ms`}</small>}
      </p>
      <ControlButton
        icon={pictureMode === "fit" ? "pixels" : "fit"}
        label={pictureMode === "fit" ? words.pixels : words.fit}
        shortcut="z"
        onClick={toggleMode}
      />
      <ControlButton icon="snapshot" label={words.snapshot} shortcut="s" onClick={snapshot} />
      {document.pictureInPictureEnabled && (
        <ControlButton icon="pictureInPicture" label={words.pictureInPicture} shortcut="p" onClick={pictureInPicture} />
      )}
      <ControlButton
        icon={fullScreen.active ? "leaveFullScreen" : "fullScreen"}
        label={fullScreen.active ? words.leaveFullScreen : words.fullScreen}
        shortcut="f"
        onClick={toggleFullScreen}
      />
      <ControlButton icon="figures" label={words.figures} shortcut="i" pressed={showsFigures} onClick={toggleFigures} />
      <ControlButton icon="help" label={words.help} shortcut="?" onClick={onHelp} />
    </nav>
  );
}
