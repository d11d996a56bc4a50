import { useCallback, useEffect, useState } from "preact/hooks";
import { ControlButton } from "./components/control-button.js";
import { HelpSheet } from "./components/help-sheet.js";
import { Notice, RefusedNotice } from "./components/notice.js";
import { StreamGrid } from "./components/stream-grid.js";
import { StreamView } from "./components/stream-view.js";
import type { Directory } from "./connection/stream-directory.js";
import type { StreamDescription } from "./connection/streams.js";
import type { Words } from "./language/english.js";
import { LANGUAGES, type Language, useWords, WordsContext } from "./language/language.js";
import { useChosenStream, useDirectory, useFullScreen, useIdle, useShortcuts } from "./page-hooks.js";
import type { PageServices } from "./page-services.js";
import { type Settings, useSettings } from "./settings.js";

/** How long a short message stays. */
const TOAST_MS = 2_500;

/** The whole page. */
export function App({ services }: { readonly services: PageServices }) {
  const [settings, change] = useSettings();
  const [helpIsOpen, setHelpIsOpen] = useState(false);
  const directory = useDirectory(services.directory);
  const idle = useIdle();
  const { language } = settings;
  const setLanguage = (language: Language) => change({ language });
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const tags = Object.keys(LANGUAGES) as Language[];
  useShortcuts({
    "?": () => setHelpIsOpen(true),
    l: () => setLanguage(tags[(tags.indexOf(language) + 1) % tags.length] ?? "en"),
  });
  return (
    <WordsContext.Provider value={LANGUAGES[language]}>
      <main class="page" data-idle={idle && !helpIsOpen}>
        <p class="visually-hidden" role="status">
          {directoryText(LANGUAGES[language], directory)}
        </p>
        <Streams {...{ services, directory, settings }} onSettings={change} onHelp={() => setHelpIsOpen(true)} />
      </main>
      {helpIsOpen && <HelpSheet language={language} onLanguage={setLanguage} onClose={() => setHelpIsOpen(false)} />}
    </WordsContext.Provider>
  );
}

/** What a screen reader is told of the page as a whole; each stream tells of itself. */
function directoryText(words: Words, directory: Directory): string {
  if (directory.kind === "loading") return words.looking;
  if (directory.kind === "refused") return words.refused;
  if (directory.streams.length > 0) return "";
  return directory.reachable ? words.empty : words.unreachable;
}

interface StreamsProps {
  readonly services: PageServices;
  readonly directory: Directory;
  readonly settings: Settings;
  onSettings(change: Partial<Settings>): void;
  onHelp(): void;
}

/** The streams, or why there are none. */
function Streams(props: StreamsProps) {
  const { directory } = props;
  const words = useWords();
  if (directory.kind === "loading") return <Notice title={words.looking} busy />;
  if (directory.kind === "refused") return <RefusedNotice />;
  const { streams, reachable } = directory;
  if (streams.length > 0) return <ShownStreams {...props} streams={streams} reachable={reachable} />;
  if (reachable) return <Notice title={words.empty} hint={words.emptyHint} />;
  return <Notice title={words.unreachable} hint={words.unreachableHint} busy />;
}

interface ShownStreamsProps extends StreamsProps {
  readonly streams: readonly StreamDescription[];
  readonly reachable: boolean;
}

/** One stream in the whole window, or all of them as a grid. */
function ShownStreams({ streams, reachable, services, settings, onSettings, onHelp }: ShownStreamsProps) {
  const words = useWords();
  const [chosen, choose] = useChosenStream();
  const [toast, showToast] = useToast();
  const single = streams.length === 1 ? streams[0] : streams.find(({ id }) => id === chosen);
  const shown = single ? [single] : streams;
  const title = single ? `${single.name} – Sightline` : "Sightline";
  useEffect(() => {
    document.title = title;
  }, [title]);
  const neighbour = (step: number) => {
    const place = streams.indexOf(single as StreamDescription);
    return () => choose(streams[(place + step + streams.length) % streams.length]?.id);
  };
  const several = streams.length > 1;
  const navigation = several
    ? { toGrid: () => choose(undefined), toPrevious: neighbour(-1), toNext: neighbour(1) }
    : {};
  return (
    <>
      <StreamGrid count={shown.length}>
        {shown.map((stream) => (
          <StreamView
            key={stream.id}
            {...{ stream, services, settings, reachable, navigation, onSettings, onHelp }}
            enlarged={single !== undefined}
            onEnlarge={() => choose(stream.id)}
            onToast={showToast}
          />
        ))}
      </StreamGrid>
      {!single && <GridControls onHelp={onHelp} />}
      <output class="toast" data-visible={toast !== ""}>
        {toast}
      </output>
      <h1 class="visually-hidden">{single?.name ?? words.allStreams}</h1>
    </>
  );
}

/** What can be done with all streams together. */
function GridControls({ onHelp }: { onHelp(): void }) {
  const words = useWords();
  const { active, toggle } = useFullScreen();
  useShortcuts({ f: () => toggle() });
  return (
    <nav class="bar" aria-label={words.controls}>
      <ControlButton
        icon={active ? "leaveFullScreen" : "fullScreen"}
        label={active ? words.leaveFullScreen : words.fullScreen}
        shortcut="f"
        onClick={() => toggle()}
      />
      <ControlButton icon="help" label={words.help} shortcut="?" onClick={onHelp} />
    </nav>
  );
}

function useToast(): readonly [string, (text: string) => void] {
  const [toast, setToast] = useState({ text: "" });
  useEffect(() => {
    if (toast.text === "") return;
    const timer = window.setTimeout(() => setToast({ text: "" }), TOAST_MS);
    return () => window.clearTimeout(timer);
  }, [toast]);
  const show = useCallback((text: string) => setToast({ text }), []);
  return [toast.text, show];
}
