"""Lines that web pages leave in scraped text: buttons, forms, notices. Only whole lines, never parts of one."""

import re

_PHRASES = frozenset(
    """
    accept all cookies|accept cookies|ad|add a comment|advertisement|advertisement advertisement
    advertisement continue reading the main story|all rights reserved|article continues after advertisement
    article continues below|article continues below advertisement|back to top|cancel reply
    click here to read more|click to share|close|comments|continue reading|continue reading below
    continue reading the main story|cookie policy|cookie settings|copy link|enlarge this image|join the conversation
    key points|key takeaways|leave a comment|leave a reply|leave a reply cancel reply|link copied|listen to this article
    load more|loading|log in|log in to comment|manage newsletters|more on this|most popular|most read|newsletter sign-up
    post a comment|post comment|powered by|read more|recommended|recommended stories|related articles|related stories
    required fields are marked|save article|scroll to continue|share|share article|share on facebook|share on twitter
    share on whatsapp|share on x|share this|share this article|share this post|share this story|share via email
    sign in|sign up|sign up for daily newsletters|sign up for daily newsletters manage newsletters
    sign up for our newsletter|sign up now|skip to content|skip to main content|sponsored|sponsored content
    story continues|story continues below|story continues below advertisement|subscribe|subscribe now
    subscribe to our newsletter|text size|tl;dr|tldr|trending now|view comments|you may also like|you might also like
    """.strip()
    .replace("\n", "|")
    .replace("    ", "")
    .split("|")
)
_SHARE_NAMES = frozenset(
    {"email", "facebook", "flipboard", "instagram", "linkedin", "pinterest", "pocket", "print", "reddit", "telegram"}
    | {"tweet", "twitter", "whatsapp", "x", "messenger", "bluesky", "threads"}
)
_LONGEST = 300
_FORMS = re.compile(
    r"\+\s*↺?\s*[−–-]\s*[0-9]+\s*px"  # the text size control: "+ ↺ − 16 px"
    r"|your email address will not be published\.?(?: required \w+ are marked\W*)?"
    r"|save my name, email,? and website in this browser.*"
    r"|(?:we|(?:this|our) (?:web)?site) uses? cookies(?: (?:to|and|for|on)\b.*|\.)"
    r"|by (?:continuing to (?:use|browse)|using) (?:this|our) (?:web)?site,? you (?:agree|consent)\b.*"
    r"|(?:sign up|subscribe)(?: now| here)? (?:for|to) [^.!?]{0,60}\bnewsletters?(?: (?:here|now|today|below))?[.!]?"
    r"|(?:sign up|subscribe|get|want)\b[^.!?]{0,80}\byour inbox\b(?: every \w+)?[.!?]?(?: sign up (?:here|now)\.?)?"
    r"|click here (?:to get|for) (?:the|our) [^.!?]{0,40}\bapp[.!]?"
    r"|(?:follow|like|join) us on [^.!?]{1,60}[.!]?"
    r"|follow @\w+(?: follow @\w+)*"
    r"|this article is more than [0-9]+ (?:months?|years?) old"
    r"|(?:(?:copyright )?(?:©|\(c\))(?: copyright)?|copyright) ?(?:by )?[0-9]{4}\b[^.!?]{0,80}\.?"
    r"(?: click here for reprint permission\.)?"
    r"|(?:copyright|©|\(c\)).{0,200}\ball rights reserved\b.{0,100}"
    r"|[0-9]+[ -]min(?:ute)?s? read|[0-9]+ (?:minutes?|hours?|days?|weeks?|months?|years?) ago"
    r"|(?:listen to article [0-9:]+ )?share this article share tweet post email"
    r"|image copyright (?!.*caption)[^.!?]{1,40}"
    r"|[0-9]+ (?:comments?|shares)"
    r"|slideshow \([0-9]+ images\)"
    r"|(?:prev|next) image [0-9]+ of [0-9]+",
    re.IGNORECASE,
)


def is_leftover(line: str) -> bool:
    """Say whether a whole line is page furniture."""
    if len(line) > _LONGEST:
        return False
    # "Read more:", "Loading...", "ADVERTISEMENT", "required fields are marked *"
    return line.casefold().rstrip(" .…:*»>→") in _PHRASES or _FORMS.fullmatch(line) is not None


def is_share_name(line: str) -> bool:
    """Say whether a line is what a share button is labelled with; a heading can read the same."""
    return line.casefold() in _SHARE_NAMES
