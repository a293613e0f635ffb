// The facilitator's part about coming in: the address on the board, who waits, and what to do about a crowd.

import { format, html } from "../widgets/dom.js";
import { sure } from "./parts.js";

/**
 * @typedef {(make: () => any, what: string) => void} Give
 * @typedef {{ id: number, people: number, here: number, waiting: number, since: number, open: boolean }} Crowd
 * @typedef {{ url: string, kind: string, chosen: boolean }} Address
 */

export class Entrance {
  part = html("div", { class: "entrance-part" });
  #give;
  #words;
  #shown = "";

  /** @param {{ give: Give, words: () => Record<string, string> }} ways */
  constructor({ give, words }) {
    this.#give = give;
    this.#words = words;
  }

  /**
   * @param {{ held: boolean, addresses?: Address[] }} stage
   * @param {{ waiting: number, crowds?: Crowd[] } | null} door
   */
  draw({ held, addresses = [] }, door) {
    const words = this.#words();
    const crowds = door?.crowds ?? [];
    const waiting = door?.waiting ?? 0;
    const key = JSON.stringify([held, addresses, waiting, crowds, words.entrance]);
    if (key === this.#shown) return;
    this.#shown = key;
    const focused = /** @type {HTMLElement | null} */ (this.part.contains(document.activeElement) ? document.activeElement : null)?.dataset.entrance;
    const open = this.part.querySelector("details")?.open;
    this.part.replaceChildren(
      ...(held || waiting ? [this.#waitingPart(waiting)] : []),
      ...(crowds.length ? [html("ul", { class: "crowds" }, crowds.map((crowd) => this.#crowdPart(crowd)))] : []),
      ...(addresses.length ? this.#addressParts(addresses) : []),
      html("details", open ? { open: "" } : {}, [html("summary", {}, [words.cannot_join]), html("ul", {}, [words.cannot_join_apart, words.cannot_join_other, words.cannot_join_hotspot].map((text) => html("li", {}, [text])))]),
    );
    if (focused) /** @type {HTMLElement | null} */ (this.part.querySelector(`[data-entrance="${focused}"]`))?.focus();
  }

  /** @param {number} waiting */
  #waitingPart(waiting) {
    const words = this.#words();
    return html("div", { class: "row" }, [
      html("p", { class: "wait-count" }, [format(words.at_door, { waiting })]),
      this.#button("admit", words.admit_all, () => ({ t: "admit" })),
    ]);
  }

  /** @param {Crowd} crowd */
  #crowdPart({ id, people, here, waiting, open }) {
    const words = this.#words();
    const buttons = [
      ...(open ? [] : [this.#button(`admit-${id}`, words.admit_crowd, () => ({ t: "admit", crowd: id }))]),
      sure(words.remove_crowd, words.remove_crowd_sure, () => this.#give(() => ({ t: "remove", crowd: id }), words.remove_crowd)),
    ];
    return html("li", {}, [html("p", {}, [format(words.crowd, { people, here, waiting })]), html("div", { class: "buttons" }, buttons)]);
  }

  /** @param {Address[]} addresses */
  #addressParts(addresses) {
    const words = this.#words();
    const select = /** @type {HTMLSelectElement} */ (html("select", { id: "address", "data-entrance": "address" }));
    select.append(...addresses.map(({ url, kind }) => html("option", { value: url }, [`${url.replace(/^https?:\/\//, "")} (${words[`address_${kind}`]})`])));
    const chosen = addresses.find((one) => one.chosen);
    if (chosen) select.value = chosen.url;
    select.addEventListener("change", () => this.#give(() => ({ t: "choose_address", url: select.value }), words.choose_address));
    return [html("p", { class: "field" }, [html("label", { for: "address" }, [words.choose_address]), select])];
  }

  /**
   * @param {string} name
   * @param {string} text
   * @param {() => any} make
   */
  #button(name, text, make) {
    const button = html("button", { type: "button", "data-entrance": name }, [text]);
    button.addEventListener("click", () => this.#give(make, text));
    return button;
  }
}
