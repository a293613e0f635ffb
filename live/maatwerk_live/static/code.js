// A room's code as people type it. Pure.

/** What a code is made of: no sign that looks like another stands in it twice. */
const SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
export const LENGTH = 6;

/**
 * What somebody meant with what they typed.
 * @param {string} typed small letters, spaces, dashes and full-width signs are as good as any
 * @returns {{ code: string, problem: "" | "empty" | "signs" | "length", wrong: string }} the code as the server knows
 *   it; what is wrong with it; and the signs that stand in no code
 */
export function readCode(typed) {
  const code = typed.normalize("NFKC").toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
  const wrong = [...new Set(code)].filter((sign) => !SIGNS.includes(sign)).join(" ");
  if (!code) return { code, problem: "empty", wrong };
  if (wrong) return { code, problem: "signs", wrong };
  return { code, problem: code.length === LENGTH ? "" : "length", wrong };
}
