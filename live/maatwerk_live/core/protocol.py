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

from maatwerk_live.core.aggregate import Movement, RoleView, Summary, Weighing

VERSION = 1

M = TypeVar("M")

# The most that one message may measure, in bytes. Longer is no answer but a mistake, or malice.
LARGEST_FROM_PHONE = 4_096
LARGEST_FROM_STAGE = 16_384

# Messages that one connection may send: a second, and in a burst.
RATE = 20
BURST = 40

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
    "no_text",  # nothing in this text can be seen
    "trouble",  # nothing can be kept at the moment; for the facilitator only, phones keep and send again
    "unknown_crowd",  # nobody waits or came in from there
    "unknown_address",  # no such address of this machine
]
# Why somebody is not let in, or is sent away. "busy", "again" and "trouble" mean: try again in a while, by
# yourself.
Farewell: TypeAlias = Literal[
    "unknown_code", "forbidden", "locked", "full", "busy", "elsewhere", "again", "gone", "removed", "trouble"
]
# Why nothing can be kept at the moment.
Trouble: TypeAlias = Literal["full", "locked", "readonly", "gone", "disk"]
# What a picture leaves out so that nobody can be told apart. The words for it are `withheld_<key>`.
Withheld: TypeAlias = Literal["place", "movement", "roles", "weigh"]

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


class Ping(_Message, frozen=True, tag="ping"):
    """Are you there? Answered by ``beat`` at once. Anybody may ask, also before they are in."""


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


class Hold(_Message, frozen=True, tag="hold"):
    """Let everybody new wait until they are let in, or let them come in by themselves again."""

    version: Count
    on: bool


class End(_Message, frozen=True, tag="end"):
    """The workshop is over."""

    version: Count


class Moderate(_Message, frozen=True, tag="moderate"):
    """Show an argument on the board, take it back, or remove its text for good. Needs no ``version``."""

    argument: Count
    standing: Standing


class Remove(_Message, frozen=True, tag="remove"):
    """Remove phones with all their answers, for good: all of a crowd, or who gave an argument.

    Needs no ``version``. One of the two is given.
    """

    crowd: Count = 0
    argument: Count = 0

    def __post_init__(self) -> None:
        if bool(self.crowd) == bool(self.argument):
            raise ValueError("a crowd or an argument is needed")


Command: TypeAlias = (
    Open
    | OpenTyped
    | Again
    | Ask
    | Close
    | Reopen
    | Hide
    | Lock
    | Hold
    | Reset
    | Timer
    | Undo
    | End
    | Moderate
    | Remove
)

ReportKind: TypeAlias = Literal["html", "csv", "ipynb"]


class AskReport(_Message, frozen=True, tag="ask_report"):
    """Give me what the workshop came to, as a page, as figures or as a notebook; changes nothing."""

    kind: ReportKind


class Admit(_Message, frozen=True, tag="admit"):
    """Let in who waits: of one crowd, and then also who comes from there later; or, with 0, everybody."""

    crowd: Count = 0


class ChooseAddress(_Message, frozen=True, tag="choose_address"):
    """Show this address of ``stage.addresses`` on the board, in words and as a QR code."""

    url: Annotated[str, Meta(max_length=300)]


FromStage: TypeAlias = Command | AskReport | Admit | ChooseAddress

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


class Released(_Message, frozen=True, tag="released"):
    """Something of a round left the server: see :mod:`maatwerk_live.core.privacy`."""

    round: Count
    what: Literal["place", "weigh", "split"]


class Removed(_Message, frozen=True, tag="removed"):
    """These people are out, with all their answers; ``arguments`` are theirs, whose text goes for good."""

    people: tuple[int, ...]
    arguments: tuple[int, ...] = ()


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
    | Hold
    | Removed
    | Released
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


class Picture(Struct, frozen=True, omit_defaults=True):
    """What the hall said, together; each part only from five people, else left out.

    ``withheld`` names what stands still or is left out because fewer than five people could be told apart by
    it: see :mod:`maatwerk_live.core.privacy`.
    """

    summary: Summary | None = None
    movement: Movement | None = None
    roles: tuple[RoleView, ...] = ()
    weighing: Weighing | None = None
    withheld: tuple[Withheld, ...] = ()


class PhoneState(_Message, frozen=True, tag="state"):
    """What a phone shows now. ``ends`` and ``now`` are in milliseconds since 1970, by the server's clock.

    With ``trouble``, answers cannot be kept at the moment: nothing that is sent will be acknowledged.
    ``picture`` is the hall's once the round is closed and the board shows it, without arrows and chairs.
    """

    version: int
    lang: Language
    phase: Phase
    now: int
    round: RoundView | None = None
    ends: int | None = None
    arguments: tuple[Argument, ...] = ()
    trouble: Trouble | None = None
    picture: Picture | None = None


class Beat(_Message, frozen=True, tag="beat"):
    """The server is there. Comes to each connection that heard nothing else for a while."""


class Waiting(_Message, frozen=True, tag="waiting"):
    """Somebody waits until the facilitator lets them in."""


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


ToPhone: TypeAlias = InLine | Waiting | Welcome | PhoneState | MineIs | Ack | Refused | Beat | Bye

# --- To the board and to the facilitator ---------------------------------------------------------------


class Joining(Struct, frozen=True):
    """How to join: the address to type, the room's code, and the QR code as rows of 0 and 1."""

    address: str
    code: str
    qr: tuple[str, ...]


class BoardState(_Message, frozen=True, tag="board"):
    """The whole board. ``dots`` are ``group, person`` by turns, in an order that says nothing.

    A dot's number in :class:`Tick` is its place in this order, from 0; a new dot comes last. ``hidden`` while
    the facilitator hides the picture; ``picture`` is then empty and ``dots`` are left out. ``people`` are all
    who came in and were not removed, ``here`` those who are there now. ``trouble`` as on phones.
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
    here: int = 0
    trouble: Trouble | None = None


class Tick(_Message, frozen=True, tag="tick"):
    """What changed on the board: the counts, and dots as ``number, group, person`` by turns."""

    round: int
    people: int
    placed: int
    weighed: int
    dots: tuple[int, ...] = ()
    here: int = 0


class PictureNow(_Message, frozen=True, tag="picture"):
    """The picture and the arguments anew, twice a second at most."""

    round: int
    picture: Picture
    arguments: tuple[Argument, ...] = ()


class CaseName(Struct, frozen=True):
    """A case to choose."""

    key: str
    title: Words


class Crowd(Struct, frozen=True, omit_defaults=True):
    """Many who come from one address: a school's network, or one machine that pretends to be a hall.

    ``people`` came in and were not removed, ``here`` of them are there now, ``waiting`` wait to be let in.
    ``since`` is when the first came, in milliseconds. ``open``: all from there come in by themselves.
    """

    id: int
    people: int
    here: int
    waiting: int
    since: int
    open: bool = False


class AddressChoice(Struct, frozen=True):
    """Where phones may find the pages. ``kind`` says what network it looks like; the likely one is first."""

    url: str
    kind: Literal["lan", "public", "vpn", "virtual", "this_machine", "given"]
    chosen: bool


class DoorNow(_Message, frozen=True, tag="door", omit_defaults=True):
    """Who is at the door, for the facilitator: at most once a second, when it changed."""

    here: int
    waiting: int
    crowds: tuple[Crowd, ...] = ()


class StageState(_Message, frozen=True, tag="stage"):
    """What the facilitator's screen shows: the board, without dots, and the tools.

    Its ``arguments`` also hold those that wait. ``board_link`` opens the board on another machine. ``held``
    when newcomers wait until they are let in. ``trouble`` is also in ``board``.
    """

    board: BoardState
    cases: tuple[CaseName, ...]
    can_undo: bool
    board_link: str
    trouble: Trouble | None = None
    held: bool = False
    addresses: tuple[AddressChoice, ...] = ()


class Report(_Message, frozen=True, tag="report"):
    """What the workshop came to, as a file to save under ``name``."""

    kind: ReportKind
    name: str
    text: str


class Done(_Message, frozen=True, tag="done"):
    """The facilitator's command was carried out and kept."""

    version: int


ToBoard: TypeAlias = BoardState | Tick | PictureNow | Beat | Bye
ToStage: TypeAlias = StageState | Tick | PictureNow | DoorNow | Done | Refused | Report | Beat | Bye

# --- Over plain HTTP -----------------------------------------------------------------------------------


class TalkHello(_Message, frozen=True, tag="talk_hello"):
    """Begin a talk over plain HTTP: what a socket's first message would be."""

    hello: Hello | HelloBoard | HelloStage


class Talk(_Message, frozen=True, tag="talk"):
    """Say something in a talk, and hear what is new.

    Parameters
    ----------
    id : str
        What the answer to ``talk_hello`` gave.
    after : int
        The number of the last message that was heard; 0 for none.
    say : list of str
        Messages, each as it would go over a socket. Without any, the answer waits until there is news.
    """

    id: Secret
    after: Count
    say: Annotated[list[Annotated[str, Meta(max_length=LARGEST_FROM_STAGE)]], Meta(max_length=BURST)] = []


class Heard(Struct, frozen=True):
    """The answer: all messages after ``after``, in order; ``upto`` is the number of the last."""

    id: str
    upto: int
    messages: tuple[msgspec.Raw, ...]


# --- Reading and writing -------------------------------------------------------------------------------


class MessageError(ValueError):
    """A message that is not in the schema. Says what is wrong, never what was sent."""


class _Numbered(Struct, frozen=True):
    """Of a message that is not in the schema, only its number."""

    seq: Seq = 0


_HELLOS: msgspec.json.Decoder[Hello | HelloBoard | HelloStage] = msgspec.json.Decoder(
    Hello | HelloBoard | HelloStage
)
_FROM_PHONE: msgspec.json.Decoder[FromPhone | Ping] = msgspec.json.Decoder(FromPhone | Ping)
_FROM_STAGE: msgspec.json.Decoder[FromStage | Ping] = msgspec.json.Decoder(FromStage | Ping)
_PINGS: msgspec.json.Decoder[Ping] = msgspec.json.Decoder(Ping)
_ACTS: msgspec.json.Decoder[Act] = msgspec.json.Decoder(Act)
_NUMBERS: msgspec.json.Decoder[_Numbered] = msgspec.json.Decoder(_Numbered)
_TALKS: msgspec.json.Decoder[TalkHello | Talk] = msgspec.json.Decoder(TalkHello | Talk)
_ENCODER = msgspec.json.Encoder()


def read_hello(raw: str | bytes) -> Hello | HelloBoard | HelloStage:
    """The first message of a connection.

    Raises
    ------
    MessageError
        When it is none.
    """
    return _read(_HELLOS, raw)


def read_from_phone(raw: str | bytes) -> FromPhone | Ping:
    """A phone's answer.

    Raises
    ------
    MessageError
        When it is none.
    """
    return _read(_FROM_PHONE, raw)


def read_from_board(raw: str | bytes) -> Ping:
    """A board only listens, but it may ask whether anybody is there.

    Raises
    ------
    MessageError
        When it is anything else.
    """
    return _read(_PINGS, raw)


def read_command(raw: str | bytes) -> FromStage | Ping:
    """What a facilitator's screen says.

    Raises
    ------
    MessageError
        When it is none.
    """
    return _read(_FROM_STAGE, raw)


def read_talk(raw: str | bytes) -> TalkHello | Talk:
    """What is said over plain HTTP.

    Raises
    ------
    MessageError
        When it is none.
    """
    return _read(_TALKS, raw)


def number_of(raw: str | bytes) -> int:
    """The ``seq`` of a message that is not in the schema, to refuse it by; 0 if it has none."""
    try:
        return _NUMBERS.decode(raw).seq
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return 0


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
    kinds = (Hello, HelloBoard, HelloStage, Ping, FromPhone, FromStage, TalkHello, Talk)
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
# Tags draw the flags of Scotland and Wales; anywhere else they only hide text.
_TAGGED = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f)|[\U000e0001-\U000e007f]+")
_TAGS = frozenset(map(chr, range(0xE0020, 0xE0080)))
# Letters and signs that are drawn as nothing: fillers and an empty braille cell.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")


def clean_text(text: str) -> str:
    """One line of text as it may be shown: composed, without control and direction marks, spaces made single.

    What Unicode gained since this Python was made stays as it is: a new emoji is no mistake.
    """
    flags = _TAGGED.sub(lambda found: found[1] or "", unicodedata.normalize("NFC", text))
    kept = "".join(_visible(character) for character in flags)
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
    kind = unicodedata.category(character)
    if kind == "Cn":
        # Not given out yet, as far as this Python knows; but noncharacters never will be.
        return "" if ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF else character
    if character in _TAGS:
        return character
    return "" if kind in ("Cc", "Cf", "Co", "Cs") else character


def is_visible(text: str) -> bool:
    """Whether anything of a cleaned text can be seen."""
    return any(
        (character not in _UNSEEN and not unicodedata.category(character).startswith(("C", "Z", "M")))
        or unicodedata.category(character) == "Cn"
        for character in text
    )


if __name__ == "__main__":
    print(msgspec.json.format(msgspec.json.encode(schema())).decode())
