/** The table's words in the language of whoever holds the phone. */

import { computed } from "vue";
import { language, type Language } from "../../words";
import { en } from "./en";
import { zhHans, type TestingWords } from "./zh_hans";
import { zhHant } from "./zh_hant";

const ALL: Record<Language, TestingWords> = { "zh-Hans": zhHans, "zh-Hant": zhHant, en };

export const said = computed(() => ALL[language.value]);
