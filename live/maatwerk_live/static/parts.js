// Small pieces of a page that more than one of the workshop's pages has.

import { html, svg } from "../widgets/dom.js";


/** So long, in milliseconds, a button waits for a second press. */
const DOUBTS = 6000;

/** A mark for each variant, chair and loyalty, so that colour is never alone; the same as in the course. */
export const SHAPES = ["●", "■", "▲", "◆", "★"];

/**
 * A case's text: paragraphs, lists, and bold or italic words. Text goes in as text only.
 * @param {string} text
 */
export function prose(text) {
  const parts = text.trim().split(/\n\s*\n/).map((block) => {
    const lines = block.split("\n");
    if (lines.every((line) => line.startsWith("- "))) {
      return html("ul", {}, lines.map((line) => html("li", {}, inline(line.slice(2)))));
    }
    return html("p", {}, inline(lines.join(" ")));
  });
  return html("div", { class: "prose" }, parts);
}

/** @param {string} text */
function inline(text) {
  return text.split(/(\*\*[^*]+\*\*|\*[^*]+\*)/).map((part) => {
    if (part.startsWith("**") && part.length > 4) return html("strong", {}, [part.slice(2, -2)]);
    if (part.startsWith("*") && part.length > 2) return html("em", {}, [part.slice(1, -1)]);
    return part;
  });
}

/**
 * A QR code, with the white border that scanners need.
 * @param {string[]} rows of 0 and 1
 */
export function qrCode(rows) {
  const size = rows.length + 8;
  const dark = rows.flatMap((row, y) => [...row].map((bit, x) => (bit === "1" ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
  const attributes = { viewBox: `0 0 ${size} ${size}`, class: "qr", "aria-hidden": "true" };
  return svg("svg", attributes, [svg("path", { d: dark })]);
}

/**
 * @param {number} number
 * @param {(Node | string)[]} words
 */
export function marked(number, words) {
  return html("span", { class: `marked c${number}` }, [html("span", { class: "shape", "aria-hidden": "true" }, [SHAPES[number]]), " ", ...words]);
}

/**
 * A button for what cannot be taken back: it asks once more, and forgets that it asked.
 * @param {string} words
 * @param {string} question
 * @param {() => void} does
 */
export function sure(words, question, does) {
  const button = html("button", { type: "button", class: "drastic" }, [words]);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let asking;
  const calm = () => {
    clearTimeout(asking);
    asking = undefined;
    button.textContent = words;
  };
  button.addEventListener("click", () => {
    if (asking) {
      calm();
      does();
      return;
    }
    button.textContent = question;
    asking = setTimeout(calm, DOUBTS);
  });
  return button;
}
