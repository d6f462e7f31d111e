"""Web addresses: which can be fetched, and which machines may be connected to."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, urljoin, urlsplit

from corpus.errors import FetchError

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
_Machine: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_ADDRESS = 2_048
"""Longest address that is fetched, in characters."""

_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")
_ASIDE = re.compile(r"[\s\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True)
class Address:
    """An http(s) address taken apart; ``host`` in ASCII and small letters, ``target`` the path with its query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def site(self) -> str:
        """Scheme, host and port: what robots.txt and pauses go by."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")

    def __str__(self) -> str:
        return self.site + self.target


def is_address(name: str) -> bool:
    """Tell an address of the web from a path: it begins with a scheme, as no path that exists does."""
    return "://" in name and name.partition("://")[0].isalpha()


def parse(text: str, *, base: Address | None = None) -> Address:
    """Take an address apart, relative to ``base`` where there is one; its fragment goes.

    Raises FetchError where it is none that can be fetched: another scheme, no host, a user or password in it.
    """
    text = text.strip()
    shown = re.sub(r"//[^/@\s]*@", "//", text)[:200]  # a password is not repeated
    if len(text) > MAX_ADDRESS:
        raise FetchError(f"the address has {len(text):,} characters, more than {MAX_ADDRESS:,}", lasting=True)
    try:
        parts = urlsplit(text if base is None else urljoin(str(base), text))
        if parts.scheme not in _PORTS:
            raise FetchError(f"{shown!r} is not an http or https address", lasting=True)
        if parts.username is not None or parts.password is not None:
            raise FetchError(f"{shown!r} contains a user name or password, which is never sent", lasting=True)
        host = _ascii(parts.hostname or "")
        port = _PORTS[parts.scheme] if parts.port is None else parts.port
    except ValueError:  # a bad port, an open bracket, a host that is no name
        host, port = "", 0
    if not host or not port or _ASIDE.search(text):
        raise FetchError(f"{shown!r} is not the address of a web page", lasting=True)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]{}|^`")
    return Address(parts.scheme, host, port, f"{path}?{query}" if query else path)


def _ascii(host: str) -> str:
    """Write a host's name in ASCII. Raises ValueError if it is not a host name."""
    return host.lower() if host.isascii() else host.encode("idna").decode("ascii")


def networks(text: str) -> list[Network]:
    """Read networks separated by commas: ``10.1.0.0/16, fd00::/8``. Raises ValueError naming an invalid one."""
    found = []
    for one in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(ipaddress.ip_network(one))
        except ValueError as error:
            raise ValueError(f"{one!r} is not a network like 10.1.0.0/16 ({error})") from None
    return found


def objection(machine: str, allowed: Sequence[Network]) -> str | None:
    """Why a machine may not be connected to, given its IPv4 or IPv6 address; None if it may.

    Those of the public internet may, and those in ``allowed`` networks. IPv4 inside IPv6 (mapped, NAT64, 6to4, Teredo)
    is looked at as what it leads to.
    """
    try:
        found: _Machine = ipaddress.ip_address(machine)
    except ValueError:
        return "it is no IP address"
    if isinstance(found, ipaddress.IPv6Address):
        if found.scope_id is not None:
            return "it is a link-local address"
        found = found.ipv4_mapped or found
    if any(found in network for network in allowed if network.version == found.version):
        return None
    if isinstance(found, ipaddress.IPv6Address):
        inside = _inside(found)
        if inside:
            return next((why for one in inside if (why := objection(str(one), allowed))), None)
        if found not in _UNICAST and not (found.is_loopback or found.is_link_local or found.is_private):
            return "it is a reserved or multicast address"
    return _not_public(found)


def _inside(machine: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address leads to by a translator or a tunnel."""
    if machine in _NAT64:
        return [ipaddress.IPv4Address(int(machine) & 0xFFFFFFFF)]
    if machine.sixtofour is not None:
        return [machine.sixtofour]
    return list(machine.teredo or ())


def _not_public(machine: _Machine) -> str | None:
    kinds = (
        (machine.is_unspecified, "an unspecified"),
        (machine.is_loopback, "a loopback"),
        (machine.is_link_local, "a link-local"),
        (machine.is_multicast, "a multicast"),
        (machine.is_private, "a private"),
        (machine.is_reserved or not machine.is_global, "a reserved"),
    )
    return next((f"it is {kind} address" for holds, kind in kinds if holds), None)
