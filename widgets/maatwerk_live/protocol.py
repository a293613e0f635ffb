"""Every message of the live workshop: what phones, the facilitator's screen and the board say and hear.

One schema, strict: a field too many, a value out of range or an unknown kind is refused before anything else
looks at it. The accepted messages are also what the store keeps (:data:`Act`), so that there is one schema on
the wire and on disk. In words: ``docs/live-protocol.md``.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

import msgspec
from maatwerk import Language, framework
from maatwerk.weighing import TOTAL
from msgspec import Meta, Struct

from maatwerk_live.aggregate import Movement, RoleView, Summary, Weighing

VERSION = 1

M = TypeVar("M")

# The most that one message may measure, in bytes. Longer is no answer but a mistake, or malice.
LARGEST_FROM_PHONE = 4_096
LARGEST_FROM_STAGE = 16_384

LONGEST_ARGUMENT = 280
LONGEST_TITLE = 120
LONGEST_CASE = 4_000
LONGEST_QUESTION = 400
LONGEST_TIMER = 3_600

# Letters and digits that nobody mistakes for one another when they are read from the back row.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 6

AskKind: TypeAlias = Literal["role", "place", "weigh", "argue"]
Side: TypeAlias = Literal["voor", "tegen"]
Phase: TypeAlias = Literal["lobby", "open", "closed", "ended"]
Standing: TypeAlias = Literal["waiting", "shown", "removed"]

# Why a message was not taken. The words that people read for it stand in texts.toml.
Reason: TypeAlias = Literal[
    "bad_message",  # not in the schema
    "not_open",  # nothing is asked now
    "not_asked",  # this round asks something else
    "other_round",  # meant for a round that is over
    "enough",  # this person gave as many arguments as fit in a round
    "unknown_argument",  # no such argument on the board
    "stale",  # the facilitator's screen had not yet seen the latest change
    "unknown_case",
    "nothing_to_undo",
    "no_round",  # there is no round yet
    "ended",  # the workshop is over
]
# Why somebody is not let in, or is sent away. "busy" and "again" mean: try again in a while, by yourself.
Farewell: TypeAlias = Literal[
    "unknown_code", "forbidden", "locked", "full", "busy", "elsewhere", "again", "gone"
]

Points: TypeAlias = Annotated[int, Meta(ge=0, le=TOTAL)]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=2**53)]
Seq: TypeAlias = Annotated[int, Meta(ge=1, le=2**53)]
Code: TypeAlias = Annotated[str, Meta(pattern=f"^[{CODE_ALPHABET}]{{{CODE_LENGTH}}}$")]
Secret: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{22,64}$")]
Key: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
Words: TypeAlias = dict[Language, str]


class _Message(Struct, frozen=True, forbid_unknown_fields=True, tag_field="t", omit_defaults=True):
    """A message: ``t`` says which."""


# --- Coming in -----------------------------------------------------------------------------------------


class Hello(_Message, frozen=True, tag="hello"):
    """A phone's first message.

    Parameters
    ----------
    v : int
        The protocol's version.
    code : str
        The room's short code.
    key : str, optional
        The room's long key, which the QR code carries: who has it never waits behind people who guess codes.
    secret : str, optional
        What an earlier ``welcome`` gave: the same person comes back.
    """

    v: Literal[1]
    code: Code
    key: Secret | None = None
    secret: Secret | None = None


class HelloBoard(_Message, frozen=True, tag="hello_board"):
    """The board's first message, with its own key."""

    v: Literal[1]
    code: Code
    key: Secret


class HelloStage(_Message, frozen=True, tag="hello_stage"):
    """The facilitator's first message, with the token that nobody else has."""

    v: Literal[1]
    code: Code
    token: Secret


# --- From a phone --------------------------------------------------------------------------------------


class Place(_Message, frozen=True, tag="place"):
    """The decision's place on the plane, in points."""

    seq: Seq
    round: Count
    person: Points
    group: Points


class Weigh(_Message, frozen=True, tag="weigh"):
    """A hundred points over the five loyalties, all divided."""

    seq: Seq
    round: Count
    weights: dict[str, Points]

    def __post_init__(self) -> None:
        if self.weights.keys() != framework().loyalties.keys() or sum(self.weights.values()) != TOTAL:
            raise ValueError(f"{TOTAL} points over the loyalties are needed")


class TakeRole(_Message, frozen=True, tag="role"):
    """From whose chair this person looks; ``None`` leaves the chair."""

    seq: Seq
    round: Count
    role: str | None

    def __post_init__(self) -> None:
        if self.role is not None and self.role not in framework().perspectives:
            raise ValueError("no such perspective")


class Argue(_Message, frozen=True, tag="argue"):
    """A short reason. Nobody sees it before the facilitator lets it through."""

    seq: Seq
    round: Count
    side: Side
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_ARGUMENT)]

    def __post_init__(self) -> None:
        _only_clean(self.text)


class Support(_Message, frozen=True, tag="support"):
    """A vote for an argument on the board, or its withdrawal."""

    seq: Seq
    round: Count
    argument: Count
    on: bool


FromPhone: TypeAlias = Place | Weigh | TakeRole | Argue | Support

# --- From the facilitator ------------------------------------------------------------------------------


class Open(_Message, frozen=True, tag="open"):
    """A new round about one of the course's cases."""

    version: Count
    case: Key
    asks: tuple[AskKind, ...] = ("place",)
    hidden: bool = True

    def __post_init__(self) -> None:
        _each_once(self.asks)


class OpenTyped(_Message, frozen=True, tag="open_typed"):
    """A new round about a case that the facilitator typed."""

    version: Count
    title: Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
    text: Annotated[str, Meta(max_length=LONGEST_CASE)] = ""
    question: Annotated[str, Meta(max_length=LONGEST_QUESTION)] = ""
    asks: tuple[AskKind, ...] = ("place",)
    hidden: bool = True

    def __post_init__(self) -> None:
        _each_once(self.asks)
        _only_clean(self.title)


class Again(_Message, frozen=True, tag="again"):
    """A new round about the same case, after the talk."""

    version: Count
    asks: tuple[AskKind, ...] = ("place",)
    hidden: bool = True

    def __post_init__(self) -> None:
        _each_once(self.asks)


class Ask(_Message, frozen=True, tag="ask"):
    """Ask something else in this round."""

    version: Count
    asks: tuple[AskKind, ...]

    def __post_init__(self) -> None:
        _each_once(self.asks)


class Close(_Message, frozen=True, tag="close"):
    """Take no more answers in this round."""

    version: Count


class Reopen(_Message, frozen=True, tag="reopen"):
    """Take answers again in this round."""

    version: Count


class Hide(_Message, frozen=True, tag="hide"):
    """Hide the picture on the board, or reveal it."""

    version: Count
    on: bool


class Lock(_Message, frozen=True, tag="lock"):
    """Let nobody new in, or do so again. Who is in stays in, and may come back."""

    version: Count
    on: bool


class Reset(_Message, frozen=True, tag="reset"):
    """Begin this round afresh, without answers. Can be undone."""

    version: Count


class Timer(_Message, frozen=True, tag="timer"):
    """Close the round after so many seconds; 0 stops the clock."""

    version: Count
    seconds: Annotated[int, Meta(ge=0, le=LONGEST_TIMER)]


class Undo(_Message, frozen=True, tag="undo"):
    """Take the facilitator's last step back. Answers given since are kept."""

    version: Count


class End(_Message, frozen=True, tag="end"):
    """The workshop is over."""

    version: Count


class Moderate(_Message, frozen=True, tag="moderate"):
    """Show an argument on the board, take it back, or remove its text for good. Needs no ``version``."""

    argument: Count
    standing: Standing


Command: TypeAlias = (
    Open | OpenTyped | Again | Ask | Close | Reopen | Hide | Lock | Reset | Timer | Undo | End | Moderate
)

ReportKind: TypeAlias = Literal["html", "csv", "ipynb"]


class AskReport(_Message, frozen=True, tag="ask_report"):
    """Give me what the workshop came to, as a page, as figures or as a notebook; changes nothing."""

    kind: ReportKind


FromStage: TypeAlias = Command | AskReport

# --- What only the server itself records ---------------------------------------------------------------


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """What people decide on, in both languages. ``text`` is Markdown with paragraphs only."""

    key: str
    title: Words
    text: Words
    question: Words
    cite: Words


class Join(_Message, frozen=True, tag="join"):
    """Somebody came in. Only a digest of the secret is kept."""

    digest: bytes


class Begin(_Message, frozen=True, tag="begin"):
    """A round began: what ``open``, ``open_typed`` and ``again`` come to, with the case as it was."""

    case: Case
    asks: tuple[AskKind, ...]
    hidden: bool


class TimeUp(_Message, frozen=True, tag="time_up"):
    """The clock closed the round."""


Act: TypeAlias = (
    Join
    | Place
    | Weigh
    | TakeRole
    | Argue
    | Support
    | Begin
    | Ask
    | Close
    | Reopen
    | Hide
    | Lock
    | Reset
    | Timer
    | Undo
    | End
    | Moderate
    | TimeUp
)

# --- To a phone ----------------------------------------------------------------------------------------


class Argument(Struct, frozen=True, omit_defaults=True):
    """An argument as others see it. ``votes`` is left out on phones."""

    id: int
    side: Side
    text: str
    votes: int = 0
    standing: Standing = "shown"


class RoundView(Struct, frozen=True):
    """The round as everybody may see it: ``id`` for the messages, ``number`` and ``turn`` for people.

    ``turn`` counts the rounds about this same case, so that 2 is the second time.
    """

    id: int
    number: int
    turn: int
    asks: tuple[AskKind, ...]
    case: Case


class Mine(Struct, frozen=True, omit_defaults=True):
    """What the server holds of this one person, for a phone that comes back.

    ``earlier`` is the place in the round before about the same case, as ``(person, group)``.
    """

    role: str | None = None
    place: tuple[int, int] | None = None
    earlier: tuple[int, int] | None = None
    weights: dict[str, int] | None = None
    supports: tuple[int, ...] = ()


class PhoneState(_Message, frozen=True, tag="state"):
    """What a phone shows now. ``ends`` and ``now`` are in milliseconds since 1970, by the server's clock."""

    version: int
    lang: Language
    phase: Phase
    now: int
    round: RoundView | None = None
    ends: int | None = None
    arguments: tuple[Argument, ...] = ()


class InLine(_Message, frozen=True, tag="in_line"):
    """Many come in at once: it will be this person's turn in about so many seconds."""

    seconds: int


class Welcome(_Message, frozen=True, tag="welcome"):
    """Somebody is in. ``secret`` comes once, to a new person; ``seq`` is the last that the server holds."""

    seq: int
    state: PhoneState
    mine: Mine
    secret: str | None = None


class Ack(_Message, frozen=True, tag="ack"):
    """Every message of this person up to ``seq`` is kept, or was refused."""

    seq: int


class Refused(_Message, frozen=True, tag="refused"):
    """A message was not taken, and never will be. ``seq`` is 0 for one that could not even be read."""

    seq: int
    reason: Reason


class MineIs(_Message, frozen=True, tag="mine"):
    """What this person has in a round that was reset, or undone."""

    round: int
    mine: Mine


class Bye(_Message, frozen=True, tag="bye"):
    """The last message before the connection is closed."""

    reason: Farewell


ToPhone: TypeAlias = InLine | Welcome | PhoneState | MineIs | Ack | Refused | Bye

# --- To the board and to the facilitator ---------------------------------------------------------------


class Joining(Struct, frozen=True):
    """How to join: the address to type, the room's code, and the QR code as rows of 0 and 1."""

    address: str
    code: str
    qr: tuple[str, ...]


class Picture(Struct, frozen=True, omit_defaults=True):
    """What the hall said, together; each part only from five people, else left out."""

    summary: Summary | None = None
    movement: Movement | None = None
    roles: tuple[RoleView, ...] = ()
    weighing: Weighing | None = None


class BoardState(_Message, frozen=True, tag="board"):
    """The whole board. ``dots`` are ``group, person`` by turns, in an order that says nothing.

    A dot's number in :class:`Tick` is its place in this order, from 0; a new dot comes last. ``hidden`` while
    the facilitator hides the picture; ``picture`` is then empty and ``dots`` are left out.
    """

    version: int
    lang: Language
    phase: Phase
    now: int
    hidden: bool
    locked: bool
    joining: Joining
    people: int
    placed: int
    weighed: int
    round: RoundView | None = None
    ends: int | None = None
    dots: tuple[int, ...] | None = None
    picture: Picture = Picture()
    arguments: tuple[Argument, ...] = ()


class Tick(_Message, frozen=True, tag="tick"):
    """What changed on the board: the counts, and dots as ``number, group, person`` by turns."""

    round: int
    people: int
    placed: int
    weighed: int
    dots: tuple[int, ...] = ()


class PictureNow(_Message, frozen=True, tag="picture"):
    """The picture and the arguments anew, twice a second at most."""

    round: int
    picture: Picture
    arguments: tuple[Argument, ...] = ()


class CaseName(Struct, frozen=True):
    """A case to choose."""

    key: str
    title: Words


class StageState(_Message, frozen=True, tag="stage"):
    """What the facilitator's screen shows: the board, without dots but never hidden, and the tools.

    Its ``arguments`` also hold those that wait. ``board_link`` opens the board on another machine.
    ``trouble`` when answers cannot be saved at the moment.
    """

    board: BoardState
    cases: tuple[CaseName, ...]
    can_undo: bool
    board_link: str
    trouble: bool = False


class Report(_Message, frozen=True, tag="report"):
    """What the workshop came to, as a file to save under ``name``."""

    kind: ReportKind
    name: str
    text: str


class Done(_Message, frozen=True, tag="done"):
    """The facilitator's command was carried out and kept."""

    version: int


ToBoard: TypeAlias = BoardState | Tick | PictureNow | Bye
ToStage: TypeAlias = StageState | Tick | PictureNow | Done | Refused | Bye

# --- Reading and writing -------------------------------------------------------------------------------


class MessageError(ValueError):
    """A message that is not in the schema. Says what is wrong, never what was sent."""


_HELLOS: msgspec.json.Decoder[Hello | HelloBoard | HelloStage] = msgspec.json.Decoder(
    Hello | HelloBoard | HelloStage
)
_FROM_PHONE: msgspec.json.Decoder[FromPhone] = msgspec.json.Decoder(FromPhone)
_FROM_STAGE: msgspec.json.Decoder[FromStage] = msgspec.json.Decoder(FromStage)
_ACTS: msgspec.json.Decoder[Act] = msgspec.json.Decoder(Act)
_ENCODER = msgspec.json.Encoder()


def read_hello(raw: str | bytes) -> Hello | HelloBoard | HelloStage:
    """The first message of a connection.

    Raises
    ------
    MessageError
        When it is none.
    """
    return _read(_HELLOS, raw)


def read_from_phone(raw: str | bytes) -> FromPhone:
    """A phone's answer.

    Raises
    ------
    MessageError
        When it is none.
    """
    return _read(_FROM_PHONE, raw)


def read_command(raw: str | bytes) -> FromStage:
    """What a facilitator's screen says.

    Raises
    ------
    MessageError
        When it is none.
    """
    return _read(_FROM_STAGE, raw)


def read_act(raw: str | bytes) -> Act:
    """What the store kept.

    Raises
    ------
    MessageError
        When it is damaged.
    """
    return _read(_ACTS, raw)


def write(message: Struct) -> bytes:
    """A message as JSON."""
    return _ENCODER.encode(message)


def schema() -> dict[str, Any]:
    """The JSON Schema of everything that a client may send."""
    kinds = (Hello, HelloBoard, HelloStage, FromPhone, FromStage)
    schemas, components = msgspec.json.schema_components(kinds)
    return {"anyOf": list(schemas), "$defs": components}


def _read(decoder: msgspec.json.Decoder[M], raw: str | bytes) -> M:
    try:
        return decoder.decode(raw)
    # A lone surrogate makes no UTF-8, and deep nesting is no message either.
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MessageError(str(error)) from None


def _each_once(asks: tuple[AskKind, ...]) -> None:
    if not asks or len(set(asks)) != len(asks):
        raise ValueError("one or more things to ask, each once, are needed")


# --- Text ----------------------------------------------------------------------------------------------

_SPACES = re.compile(r"\s+")
# Joins emoji and letters of some scripts; the other format characters only hide or reorder text.
_JOINERS = "\u200c\u200d"


def clean_text(text: str) -> str:
    """One line of text as it may be shown: composed, without control and direction marks, spaces made single.

    The clients do the same before they send; see :class:`Argue`.
    """
    kept = "".join(_visible(character) for character in unicodedata.normalize("NFC", text))
    return _SPACES.sub(" ", kept).strip()


def clean_paragraphs(text: str) -> str:
    """Paragraphs as they may be shown: each as :func:`clean_text` has it, an empty line between.

    A line that begins with ``- `` stays a line of its own: an item of a list.
    """
    paragraphs = (_clean_lines(paragraph) for paragraph in re.split(r"\n\s*\n", text))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _clean_lines(paragraph: str) -> str:
    lines = (clean_text(line) for line in re.split(r"\n(?=\s*- )", paragraph))
    return "\n".join(line for line in lines if line)


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    if character in _JOINERS:
        return character
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn", "Cs") else character


def _only_clean(text: str) -> None:
    if not clean_text(text):
        raise ValueError("a visible text is needed")


if __name__ == "__main__":
    print(msgspec.json.format(msgspec.json.encode(schema())).decode())
