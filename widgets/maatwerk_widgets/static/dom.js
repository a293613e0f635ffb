// What every widget makes its page of, and how it hears of its model.

import { whenLifted } from "./press.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * Fill `{name}` in a template.
 * @param {string} template
 * @param {Record<string, string | number>} values
 */
export function format(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/**
 * An element. Text goes in as text only, never as HTML.
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {(Node | string)[]} [children]
 * @returns {HTMLElement}
 */
export function html(tag, attributes = {}, children = []) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * An element of a drawing.
 * @param {string} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {(Node | string)[]} [children]
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, children = []) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * How wide a text is in an element's font.
 * @param {string} text
 * @param {HTMLElement} element
 */
export function textWidth(text, element) {
  const brush = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  brush.font = getComputedStyle(element).font;
  return brush.measureText(text).width;
}

/**
 * @typedef {{ on: (event: string, callback: () => void) => void,
 *   off?: (event: string, callback: () => void) => void }} Heard
 */

/**
 * Call back whenever one of a model's traits changes, until the view is cleaned up. While a finger is down nothing
 * may move below it: then the callback waits until it is lifted.
 * @param {Heard} model
 * @param {AbortSignal} signal of the clean-up
 * @param {string[]} traits
 * @param {() => void} callback
 */
export function listen(model, signal, traits, callback) {
  const calm = () => !signal.aborted && callback();
  listenAtOnce(model, signal, traits, () => whenLifted(calm, calm));
}

/**
 * The same, also while a finger is down: for what follows it, and moves nothing else.
 * @param {Heard} model
 * @param {AbortSignal} signal of the clean-up
 * @param {string[]} traits
 * @param {() => void} callback
 */
export function listenAtOnce(model, signal, traits, callback) {
  // A model without `off` keeps the listener: then it must at least do nothing.
  const heard = () => {
    if (!signal.aborted) callback();
  };
  for (const trait of traits) model.on(`change:${trait}`, heard);
  signal.addEventListener("abort", () => {
    for (const trait of traits) model.off?.(`change:${trait}`, heard);
  });
}
