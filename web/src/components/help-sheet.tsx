import { useEffect, useRef } from "preact/hooks";
import { LANGUAGES, type Language, useWords } from "../language/language.js";
import { Icon } from "./icons.js";

interface HelpSheetProps {
  readonly language: Language;
  onLanguage(language: Language): void;
  onClose(): void;
}

/** The sheet with the keyboard shortcuts and the settings. */
export function HelpSheet({ language, onLanguage, onClose }: HelpSheetProps) {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const shortcuts = [
    ["F", words.fullScreen],
    ["Z", `${words.fit} / ${words.pixels}`],
    ["S", words.snapshot],
    ["P", words.pictureInPicture],
    ["I", words.figures],
    ["← →", `${words.previousStream} / ${words.nextStream}`],
    ["G", words.allStreams],
    ["L", words.language],
    ["?", words.help],
  ];
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="sheet-title" onClose={onClose}>
      <header>
        <h2 id="sheet-title" tabIndex={-1} autofocus>
          {words.help}
        </h2>
        <button type="button" class="control" aria-label={words.close} onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      <h3>{words.settings}</h3>
      <fieldset class="choice">
        <legend>{words.language}</legend>
        {(Object.keys(LANGUAGES) as Language[]).map((tag) => (
          <label key={tag} lang={tag}>
            <input type="radio" name="language" checked={tag === language} onChange={() => onLanguage(tag)} />
            <span>{LANGUAGES[tag].languageName}</span>
          </label>
        ))}
      </fieldset>
      <h3 class="keyboard">{words.shortcuts}</h3>
      <dl class="keyboard">
        {shortcuts.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p>{words.aboutLatency}</p>
    </dialog>
  );
}
