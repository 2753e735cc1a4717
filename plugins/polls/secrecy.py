"""The rules of a secret poll; pure. Randomness is an argument."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from plugins.polls.domain import Electorate, Poll, Tally

FEWEST_VOTERS = 5
"""With fewer votes the result says too much about each of them."""

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are misread when written down."""
_LENGTH = 6


def needed(poll: Poll) -> int:
    """How many votes there must be before anything is shown."""
    return max(FEWEST_VOTERS, poll.quorum)


def new_code(draw: Callable[[str], str], taken: Collection[str]) -> str:
    """A code that says nothing: `K7Q-4RM`; `draw` takes one letter at random."""
    while True:
        letters = "".join(draw(_LETTERS) for _ in range(_LENGTH))
        code = f"{letters[:3]}-{letters[3:]}"
        if code not in taken:
            return code


def still_stands(voice: str, voter: str, electorate: Electorate) -> bool:
    """Whether the vote counts at the end: its voter still speaks for its voice."""
    return voter in electorate.voices.get(voice, ())


def count(poll: Poll, ballots: Mapping[str, tuple[str, ...]], *, voted: int, voices: int) -> Tally:
    """The tally of ballots that are nobody's."""
    counts = dict.fromkeys(poll.answers, 0)
    for answers in ballots.values():
        for answer in answers:
            counts[answer] += 1
    return Tally(counts, voted, voices)


def codes_by_answer(poll: Poll, ballots: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """Answer -> the codes of its ballots, sorted."""
    return {
        answer: sorted(code for code, answers in ballots.items() if answer in answers)
        for answer in poll.answers
    }
