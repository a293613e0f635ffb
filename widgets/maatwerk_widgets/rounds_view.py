"""What a game of rounds shows and says, in words: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from maatwerk import Language
from maatwerk.citation import cite_all
from maatwerk.rounds import EFFECTS, PICTURES, Condition, Flow, Game, Phase, Points, Round, phases, strongest

from maatwerk_widgets.words import words

ROUNDS_TEXTS = Path(__file__).parent / "rounds_texts.toml"
ROUNDS_IN_A_YEAR = 4
RULES = "regels"
MOST_MOVERS = 2

Words = Mapping[str, str]


def game_content(game: Game, lang: Language) -> dict[str, Any]:
    """All that does not change while playing: the words, the dials, the stocks, and how the game counts."""
    word = words("rounds", lang, ROUNDS_TEXTS)
    return {
        "words": word
        | {
            "prediction": word["prediction"].format(count=game.length),
            "before": word["before"].format(count=game.length, years=game.length // ROUNDS_IN_A_YEAR),
            "done": word["done"].format(count=game.length),
        },
        "length": game.length,
        "dials": [
            {
                "key": dial.key,
                "name": dial.name[lang],
                "short": dial.short[lang],
                "low": word["end"].format(points=0, words=dial.low[lang]),
                "high": word["end"].format(points=100, words=dial.high[lang]),
                "cite": cite_all(dial.places, lang),
            }
            for dial in game.dials.values()
        ],
        "stocks": [
            {"key": s.key, "name": s.name[lang], "short": s.short[lang], "meaning": s.meaning[lang]}
            for s in game.stocks.values()
        ],
        "pictures": [
            {
                "title": word[f"picture_{picture}"],
                "stocks": [s.key for s in game.stocks.values() if s.picture == picture],
            }
            for picture in PICTURES
        ],
        "formulas": formulas(game, lang),
        "patterns": [
            {
                "name": pattern.name[lang],
                "when": joined([_when(game, one, lang, word) for one in pattern.conditions], word),
                "cite": word["cite_essay"].format(cite=cite_all(pattern.places, lang)),
            }
            for pattern in game.patterns.values()
        ],
    }


def formulas(game: Game, lang: Language) -> list[dict[str, Any]]:
    """How each stock moves, as a learner reads it; made from what the game itself computes with."""
    word = words("rounds", lang, ROUNDS_TEXTS)
    return [
        {
            "stock": word["formula_stock"].format(stock=_capital(stock.name[lang]), start=f"{stock.start:g}"),
            "meaning": stock.meaning[lang],
            "flows": [
                {
                    "effect": word[f"formula_{effect}"],
                    "formula": formula(flow, game, lang),
                    "name": flow.name[lang],
                    "cite": word[f"cite_{flow.told_by}"].format(cite=cite_all(flow.places, lang)),
                }
                for effect in EFFECTS
                for flow in stock.flows
                if flow.effect == effect
            ],
        }
        for stock in game.stocks.values()
    ]


def formula(flow: Flow, game: Game, lang: Language) -> str:
    """One flow: ``22 × conditions × (1 − trust)``."""
    word = words("rounds", lang, ROUNDS_TEXTS)
    there = [_short(game, name, lang) for name in flow.factors]
    not_there = [word["formula_lacking"].format(name=_short(game, name, lang)) for name in flow.lacking]
    points = f"{flow.speed:g}"
    factors = " × ".join([*there, *not_there])
    return word["formula_flow"].format(points=points, factors=factors) if factors else points


def game_shown(
    game: Game, played: Sequence[Round], previous: Sequence[Round], prediction: str, lang: Language
) -> dict[str, Any]:
    """All that changes while playing, in words and numbers."""
    word = words("rounds", lang, ROUNDS_TEXTS)
    return {
        "status": _status(game, played, word),
        "dials": dict(played[-1].dials) if played else {},
        "lines": _lines(game, played),
        "before": _lines(game, previous) if previous else {},
        "phases": [_phase(game, played, phase, lang, word) for phase in phases(played)],
        "compared": _compared(game, played, previous, lang, word),
        "predicted": _predicted(game, played, prediction, lang, word),
    }


def dials_written(game: Game, dials: Points, lang: Language) -> str:
    """The dials in one line."""
    word = words("rounds", lang, ROUNDS_TEXTS)
    return ", ".join(
        word["dial_at"].format(dial=dial.short[lang], points=f"{dials[key]:g}")
        for key, dial in game.dials.items()
    )


def joined(items: Sequence[str], word: Words) -> str:
    """``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word['and']} {items[-1]}"


def _status(game: Game, played: Sequence[Round], word: Words) -> str:
    if not played:
        return word["before"].format(count=game.length, years=game.length // ROUNDS_IN_A_YEAR)
    if len(played) == game.length:
        return word["done"].format(count=game.length)
    return word["after"].format(round=len(played), count=game.length)


def _lines(game: Game, played: Sequence[Round]) -> dict[str, list[float]]:
    return {
        key: [stock.start, *(round(one.stocks[key], 1) for one in played)]
        for key, stock in game.stocks.items()
    }


def _phase(game: Game, played: Sequence[Round], phase: Phase, lang: Language, word: Words) -> dict[str, Any]:
    before = played[phase.first - 2].patterns if phase.first > 1 else ()
    new = [key for key in phase.patterns if key not in before]
    still = [key for key in phase.patterns if key in before]
    gone = [key for key in before if key not in phase.patterns]
    names = {key: pattern.name[lang] for key, pattern in game.patterns.items()}
    lines = []
    if not phase.patterns:
        lines.append(word["quiet_again" if before else "quiet"])
    if still:
        lines.append(word["still"].format(names=joined([names[key] for key in still], word)))
    if gone and phase.patterns:
        lines.append(word["gone"].format(names=joined([names[key] for key in gone], word)))
    lines += _turned(game, played, phase, lang, word)
    lines.append(_movers(game, played, phase, lang, word))
    return {
        "rounds": word["phase_one" if phase.first == phase.last else "phase_more"].format(
            first=phase.first, last=phase.last
        ),
        "new": [
            {"name": word["new"].format(name=names[key]), "told": game.patterns[key].told[lang]}
            for key in new
        ],
        "lines": lines,
    }


def _turned(game: Game, played: Sequence[Round], phase: Phase, lang: Language, word: Words) -> Iterable[str]:
    """The rounds of this phase for which the player turned a dial."""
    for number in range(max(phase.first, 2), phase.last + 1):
        old, new = played[number - 2].dials, played[number - 1].dials
        turns = [
            word["turn"].format(dial=dial.short[lang], from_points=f"{old[key]:g}", to_points=f"{new[key]:g}")
            for key, dial in game.dials.items()
            if old[key] != new[key]
        ]
        if turns:
            yield word["turned"].format(round=number, dials=joined(turns, word))


def _movers(game: Game, played: Sequence[Round], phase: Phase, lang: Language, word: Words) -> str:
    """What shifted most in a phase, and what drove up the rules when they are among it."""
    old = played[phase.first - 2].stocks if phase.first > 1 else game.start
    new = played[phase.last - 1].stocks
    moved = {key: abs(round(new[key]) - round(old[key])) for key in game.stocks}
    most = sorted((key for key in moved if moved[key]), key=lambda key: -moved[key])[:MOST_MOVERS]
    moves = [
        word["move"].format(
            stock=game.stocks[key].name[lang], from_points=round(old[key]), to_points=round(new[key])
        )
        for key in most
    ]
    told = [word["movers"].format(moves=joined(moves, word))] if moves else []
    driver = strongest(game.stocks[RULES], "up", played[phase.first - 1 : phase.last])
    earlier = strongest(game.stocks[RULES], "up", played[: phase.first - 1])
    # Said once, and again when it becomes somebody else.
    if driver is not None and driver != earlier and new[RULES] > old[RULES]:
        told.append(word["pushed"].format(flow=_small(driver.name[lang])))
    return " ".join(told)


def _compared(
    game: Game, played: Sequence[Round], previous: Sequence[Round], lang: Language, word: Words
) -> dict[str, Any]:
    """The dials and the stocks beside those of the previous game, after the same round."""
    number = min(len(played), len(previous))
    if number == 0:
        return {}
    now, before = played[number - 1], previous[number - 1]
    dials = [
        word["compare_dial"].format(
            dial=dial.short[lang], now=f"{now.dials[key]:g}", before=f"{before.dials[key]:g}"
        )
        for key, dial in game.dials.items()
        if now.dials[key] != before.dials[key]
    ]
    stocks = [
        word["compare_more" if b < a else "compare_less"].format(
            stock=stock.name[lang], points=abs(a - b), now=a, before=b
        )
        for key, stock in game.stocks.items()
        if (a := round(now.stocks[key])) != (b := round(before.stocks[key]))
    ]
    return {
        "dials": word["compare_dials" if dials else "compare_same_dials"].format(
            round=number, dials=joined(dials, word)
        ),
        "head": word["compare_stocks" if stocks else "compare_same"].format(round=number),
        "stocks": stocks,
    }


def _predicted(game: Game, played: Sequence[Round], prediction: str, lang: Language, word: Words) -> str:
    """What became of the prediction, once all rounds were played."""
    if len(played) < game.length or prediction not in game.stocks:
        return ""
    end = played[-1].stocks
    most = max(game.stocks, key=lambda key: end[key] - game.start[key])
    return word["predicted_so" if most == prediction else "predicted_other"].format(
        stock=game.stocks[prediction].name[lang],
        other=game.stocks[most].name[lang],
        from_points=round(game.start[most]),
        to_points=round(end[most]),
    )


def _when(game: Game, condition: Condition, lang: Language, word: Words) -> str:
    kind = "stock" if condition.of in game.stocks else "flow"
    name = game.stocks[condition.of].name if kind == "stock" else game.flows[condition.of].name
    return word[f"when_{kind}_{condition.compared}"].format(name=name[lang], points=f"{condition.points:g}")


def _short(game: Game, name: str, lang: Language) -> str:
    return (game.stocks[name].short if name in game.stocks else game.dials[name].short)[lang]


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _small(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"
