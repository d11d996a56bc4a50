import { useCallback, useState } from "preact/hooks";
import { LANGUAGES, type Language, preferredLanguage } from "./language/language.js";
import type { PictureMode } from "./picture/placement.js";

const STORAGE_KEY = "sightline.settings";

/** What a person has set; kept in the browser. */
export interface Settings {
  readonly language: Language;
  readonly pictureMode: PictureMode;
  readonly showsFigures: boolean;
}

/** The settings, and what changes some of them. */
export function useSettings(): readonly [Settings, (change: Partial<Settings>) => void] {
  const [settings, set] = useState(load);
  const change = useCallback((change: Partial<Settings>) => {
    set((before) => {
      const after = { ...before, ...change };
      store(after);
      return after;
    });
  }, []);
  return [settings, change];
}

function load(): Settings {
  const { language, pictureMode, showsFigures } = stored();
  return {
    language:
      typeof language === "string" && language in LANGUAGES
        ? (language as Language)
        : preferredLanguage(navigator.languages),
    pictureMode: pictureMode === "pixels" ? "pixels" : "fit",
    showsFigures: showsFigures === true,
  };
}

function stored(): { readonly [Key in keyof Settings]?: unknown } {
  try {
    return (JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "{}") as object | null) ?? {};
  } catch {
    return {}; // storage is forbidden, or not ours
  }
}

function store(settings: Settings): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(settings));
  } catch {
    // storage is forbidden: the settings hold until the page is left
  }
}
