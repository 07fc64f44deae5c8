/** The words in the language of whoever holds the phone. */

import { shallowRef } from "vue";
import { fact, remember } from "../keep/database";
import { en } from "./en";
import { zhHans, type Words } from "./zh_hans";
import { zhHant } from "./zh_hant";

export const LANGUAGES = { "zh-Hans": "简体中文", "zh-Hant": "繁體中文", en: "English" } as const;
export type Language = keyof typeof LANGUAGES;

const ALL: Record<Language, Words> = { "zh-Hans": zhHans, "zh-Hant": zhHant, en };

export const words = shallowRef<Words>(zhHans);
export const language = shallowRef<Language>("zh-Hans");

/** As chosen on this phone, else as the browser says, else as most people here read. */
export async function beginSpeaking(): Promise<void> {
  speak((await fact<Language>("language")) ?? preferred(navigator.languages));
}

export async function choose(chosen: Language): Promise<void> {
  speak(chosen);
  await remember("language", chosen);
}

function speak(chosen: Language): void {
  language.value = chosen;
  words.value = ALL[chosen];
  document.documentElement.lang = chosen;
}

function preferred(languages: readonly string[]): Language {
  for (const one of languages) {
    if (/^zh-(hant|tw|hk|mo)/i.test(one)) return "zh-Hant";
    if (/^zh/i.test(one)) return "zh-Hans";
    if (/^en/i.test(one)) return "en";
  }
  return "zh-Hans";
}
