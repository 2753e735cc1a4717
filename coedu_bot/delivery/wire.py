"""From an outbox row to one call: which event type, which content, referring to which event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coedu_bot.events import EventId
from coedu_bot.store.database import Row


class NothingToSend(Exception):
    """What the row refers to was never sent, so there is nothing to edit, pin or take away."""


def event_for(row: Row, target: EventId | None) -> tuple[str, dict[str, Any]]:
    """Event type and content of a row; `target` is the event it refers to, if there is one."""
    if row.action == "send":
        return row.type, _answering(row, target)
    if target is None:
        raise NothingToSend
    if row.action == "edit":
        return row.type, _replacing(row.content, target)
    if row.action == "end-poll":
        return row.type, {**row.content, "m.relates_to": {"rel_type": "m.reference", "event_id": target}}
    if row.action == "react":
        return "m.reaction", _reacting(row, target)
    raise ValueError(f"{row.action} is not an event")


def _answering(row: Row, target: EventId | None) -> dict[str, Any]:
    content: dict[str, Any] = dict(row.content)
    if target is not None:
        content["m.relates_to"] = {"m.in_reply_to": {"event_id": target}}
    return content


def _replacing(new: dict[str, Any], target: EventId) -> dict[str, Any]:
    """MSC2676: clients without edits show the fallback; no phone rings, whoever is mentioned inside."""
    outer = {key: value for key, value in new.items() if key != "m.relates_to"}
    inner = {key: value for key, value in outer.items() if key != "org.coedu"}
    outer["body"] = f"* {new.get('body', '')}"
    if "formatted_body" in new:
        outer["formatted_body"] = f"* {new['formatted_body']}"
    outer["m.mentions"] = {}
    return {**outer, "m.new_content": inner, "m.relates_to": {"rel_type": "m.replace", "event_id": target}}


def reaction(key: str, under: Mapping[str, Any]) -> dict[str, Any]:
    """What a row keeps of a reaction `under` a message of ours with this content."""
    coedu = under.get("org.coedu", {})
    return {"key": key, **{name: coedu[name] for name in ("lang", "v") if name in coedu}}


def _reacting(row: Row, target: EventId) -> dict[str, Any]:
    said = {name: value for name, value in row.content.items() if name != "key"}
    named = {"id": row.item} if row.item else {}
    return {
        "m.relates_to": {"rel_type": "m.annotation", "event_id": target, "key": row.content["key"]},
        "m.mentions": {},
        "org.coedu": {"v": 1, **said, "kind": row.kind, "ref": row.ref, **named},
    }
