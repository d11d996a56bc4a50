import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { chinese } from "./chinese.js";
import { english, type Words } from "./english.js";

/** The languages that the page speaks, by their BCP 47 tags. */
export const LANGUAGES = { en: english, zh: chinese } as const satisfies Record<string, Words>;

/** Tag of a language that the page speaks. */
export type Language = keyof typeof LANGUAGES;

/** The first language of a person's list that the page speaks; English if there is none. */
export function preferredLanguage(tags: readonly string[]): Language {
  const spoken = tags
    .map((tag) => tag.toLowerCase().split("-")[0])
    .find((tag) => tag !== undefined && tag in LANGUAGES);
  return (spoken as Language | undefined) ?? "en";
}

/** The words that the components below it use. */
export const WordsContext = createContext<Words>(english);

/** The words of the language that is set. */
export function useWords(): Words {
  return useContext(WordsContext);
}
