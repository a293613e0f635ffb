"""The address in the QR code: that of the room's own network, whatever else this machine is in."""

from __future__ import annotations

import pytest
from maatwerk_live.server.addresses import Own, own_addresses, sorted_addresses

LOOP = Own("lo", "127.0.0.1")
WIFI = Own("wlan0", "192.168.1.23")
CABLE = Own("Ethernet", "10.20.30.40")
VPN = Own("tun0", "10.8.0.2")
WINDOWS_VPN = Own("OpenVPN Wintun", "10.8.0.6")
MAC_VPN = Own("utun4", "10.9.0.2", to_one=True)
TAILSCALE = Own("Ethernet 3", "100.101.102.103")
DOCKER = Own("docker0", "172.17.0.1")
HYPER_V = Own("vEthernet (Default Switch) Hyper-V", "172.20.0.1")
NOBODY = Own("eth1", "169.254.7.8")
ABROAD = Own("eth2", "145.100.1.2")


def kinds(*own: Own, way: str = "", given: str = "") -> list[tuple[str, str]]:
    return [
        (one.url.split("/")[2].split(":")[0], one.kind) for one in sorted_addresses(own, way, 8765, given)
    ]


def test_with_a_vpn_the_network_of_the_room_comes_first() -> None:
    """The way out is the VPN's: that was once the only address, and no phone found it."""
    for vpn in (VPN, WINDOWS_VPN, MAC_VPN, TAILSCALE):
        assert kinds(LOOP, vpn, WIFI, way=vpn.address) == [(WIFI.address, "lan"), (vpn.address, "vpn")]


def test_a_network_without_internet_is_a_network() -> None:
    assert kinds(LOOP, WIFI) == [(WIFI.address, "lan")]


def test_all_are_offered_and_programs_on_this_machine_last() -> None:
    assert kinds(LOOP, DOCKER, HYPER_V, NOBODY, ABROAD, VPN, WIFI, CABLE, way=CABLE.address) == [
        (CABLE.address, "lan"),
        (WIFI.address, "lan"),
        (ABROAD.address, "public"),
        (VPN.address, "vpn"),
        (DOCKER.address, "virtual"),
        (HYPER_V.address, "virtual"),
    ]


def test_in_no_network_there_is_this_machine() -> None:
    assert kinds(LOOP, NOBODY) == [("127.0.0.1", "this_machine")]


def test_who_gives_an_address_knows_better() -> None:
    assert kinds(WIFI, given="https://werkvorm.example/x/") == [
        ("werkvorm.example", "given"),
        (WIFI.address, "lan"),
    ]


def test_this_very_machine_can_be_asked() -> None:
    found = own_addresses()
    assert any(one.address.startswith("127.") for one in found)
    assert sorted_addresses(found, "", 1)


@pytest.mark.parametrize("refused", [1, 2, 3])
def test_a_system_that_lets_no_limit_be_set_lets_the_server_start(
    refused: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """macOS says that there is no limit, and refuses to set that."""
    import resource

    from maatwerk_live.server import accepting

    tried: list[int] = []

    def setrlimit(which: int, limits: tuple[int, int]) -> None:
        tried.append(limits[0])
        if len(tried) <= refused:
            raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "getrlimit", lambda which: (256, resource.RLIM_INFINITY))
    monkeypatch.setattr(resource, "setrlimit", setrlimit)
    accepting.allow_many_connections()
    assert tried == [resource.RLIM_INFINITY, 10_240, 4_096][: refused + 1]
