"""Where phones may find this machine: all its addresses in networks, the likely one first."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import psutil

Kind: TypeAlias = Literal["lan", "public", "vpn", "virtual", "this_machine", "given"]

_ORDER: tuple[Kind, ...] = ("given", "lan", "public", "vpn", "virtual", "this_machine")
# What systems and programs call their networks; on Windows in words.
_VPN = re.compile(r"tun|tap|wg|ppp|ipsec|vpn|wireguard|tailscale|^zt|nordlynx|globalprotect|anyconnect|pangp")
_VIRTUAL = re.compile(
    r"docker|^br-|veth|virbr|vmnet|vboxnet|virtualbox|vmware|hyper-v|wsl|lxc|lxd|podman|cni|bridge"
)
# Addresses that providers of VPNs give out (RFC 6598).
_SHARED = ipaddress.ip_network("100.64.0.0/10")


@dataclass(frozen=True, slots=True)
class Found:
    """An address of the pages, ending in ``/``, and what kind of network it is in."""

    url: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Own:
    """An address of this machine.

    Parameters
    ----------
    network : str
        What the system calls the network.
    address : str
        IPv4.
    to_one : bool
        Whether it leads to one other machine only, as VPNs do.
    """

    network: str
    address: str
    to_one: bool = False


def own_addresses() -> list[Own]:
    """All IPv4 addresses of networks that are up, as the system has them."""
    up = {name for name, found in psutil.net_if_stats().items() if found.isup}
    return [
        Own(name, one.address, one.ptp is not None)
        for name, found in psutil.net_if_addrs().items()
        for one in found
        if one.family == socket.AF_INET and name in up
    ]


def way_out() -> str:
    """The address by which this machine would leave for elsewhere; empty when there is no way."""
    # Connecting a datagram socket sends nothing; it only chooses the way out.
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return ""


def sorted_addresses(own: Iterable[Own], way: str, port: int, given: str = "") -> tuple[Found, ...]:
    """Where phones may find the pages, the likely one first: of networks in the room before any other.

    Parameters
    ----------
    own : iterable of Own
        This machine's addresses.
    way : str
        That by which it leaves for elsewhere: with a VPN the wrong one, without internet none.
    port : int
        Where it listens.
    given : str
        Who started it knows better.
    """
    found = [(Found(given, "given"), "")] if given else []
    for one in own:
        kind = _kind(one)
        if kind:
            found.append((Found(f"http://{one.address}:{port}/", kind), one.address))
    if not found:
        found = [(Found(f"http://127.0.0.1:{port}/", "this_machine"), "")]
    found.sort(key=lambda pair: (_ORDER.index(pair[0].kind), pair[1] != way))
    return tuple(dict.fromkeys(one for one, _ in found))


def _kind(own: Own) -> Kind | None:
    address, name = ipaddress.ip_address(own.address), own.network.lower()
    if address.is_loopback or address.is_link_local or address.is_unspecified:
        return None
    if own.to_one or _VPN.search(name) or address in _SHARED:
        return "vpn"
    if _VIRTUAL.search(name):
        return "virtual"
    return "lan" if address.is_private else "public"
