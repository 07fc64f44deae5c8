/** Licence plates: what is on the keypad, and which are usual. An unusual one is looked at twice and keeps nobody out. */

export const PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
export const ENDS = "挂学警港澳使领应急";
export const KEYS = "1234567890ABCDEFGHJKLMNPQRSTUVWXYZ"; // without I and O
export const LONGEST = 16;

const LETTER = "[A-HJ-NP-Z]";
const SIGN = "[A-HJ-NP-Z0-9]";
const PROVINCE = `[${PROVINCES}]`;
const USUAL = new RegExp(`^${PROVINCE}${LETTER}${SIGN}{4}[A-HJ-NP-Z0-9挂学警港澳]$`);
const NEW_ENERGY = new RegExp(`^${PROVINCE}${LETTER}([A-HJK]${SIGN}\\d{4}|\\d{5}[A-HJK])$`);
const SPECIAL = [
  /^(\d{6}使|使\d{6})$/,
  new RegExp(`^${PROVINCE}${LETTER}\\d{4}领$`),
  new RegExp(`^WJ${PROVINCE}?\\d{4,5}${SIGN}?$`),
  new RegExp(`^${LETTER}{2}\\d{5}$`),
  new RegExp(`^${PROVINCE}X?\\d{3,4}应急$`),
  /^民航\w{5}$/,
];

export type Plate = "usual" | "new_energy" | "special" | "odd";

export function plateOf(typed: string): Plate {
  if (NEW_ENERGY.test(typed)) return "new_energy";
  if (USUAL.test(typed)) return "usual";
  return SPECIAL.some((one) => one.test(typed)) ? "special" : "odd";
}
