"""Injection: content that prose must not pass on to its readers, or to the program that shows it."""

import re

MARKUP = re.compile(
    r"[a-z][a-z0-9+.-]*://|\bwww\.|\]\s*\(|!\[|<\s*[/!a-z]|&(?:#\w+|[a-z]+);|\b(?:javascript|data|mailto):|`|"
    r"\b[\w-]{2,}\.(?:com|net|org|io|info|example|cn|ru|co|app|dev|xyz|biz)\b|\w@\w|"
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]",
    re.IGNORECASE,
)
"""Links, images, HTML and what else a page or a terminal acts upon, hidden characters."""
INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules?|above|previous|prior|"
    r"everything)\b|"
    r"\b(?:system|developer) (?:prompt|message)|\bas an ai\b|\blanguage model\b.{0,30}\b(?:must|should)\b|"
    r"^\W*(?:please\b|click|visit|subscribe|answer|respond|reply|repeat|output|print|write|reveal|tell|say|remember|"
    r"note that|"
    r"do not|don't|never (?:mention|say|tell)|you (?:must|should|are|will)|always|assistant|user|system|pretend|act as|"
    r"send|enter|type|run|execute|download|call|open|follow|summari[sz]e|translate)\b|"
    r"\b(?:answer|respond|reply) (?:only )?(?:that|with)\b|\byou (?:must|should|can|may|are|will|need)\b|\byour\b|"
    r"\b(?:click|subscribe|sign up|log in|password|api key)\b",
    re.IGNORECASE | re.DOTALL,
)
"""What speaks to its reader, a person or a model, instead of telling news."""
