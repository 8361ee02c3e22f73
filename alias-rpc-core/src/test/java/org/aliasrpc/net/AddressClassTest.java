package org.aliasrpc.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of hyperdht.md §16: the first and last address of each range, and their neighbours. */
class AddressClassTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0, true, false",
        "10.255.255.255, true, false",
        "9.255.255.255, false, false",
        "11.0.0.0, false, false",
        "100.64.0.0, true, false",
        "100.127.255.255, true, false",
        "100.63.255.255, false, false",
        "100.128.0.0, false, false",
        "127.0.0.1, true, false",
        "126.255.255.255, false, false",
        "128.0.0.0, false, false",
        "169.254.0.1, true, false",
        "169.253.255.255, false, false",
        "169.255.0.0, false, false",
        "172.16.0.0, true, false",
        "172.31.255.255, true, false",
        "172.15.255.255, false, false",
        "172.32.0.0, false, false",
        "192.168.0.0, true, false",
        "192.168.255.255, true, false",
        "192.167.255.255, false, false",
        "192.169.0.0, false, false",
        "0.0.0.0, false, true",
        "0.255.255.255, false, true",
        "1.0.0.0, false, false",
        "192.0.0.0, false, true",
        "192.0.0.255, false, true",
        "192.0.1.0, false, false",
        "192.0.2.9, false, true",
        "192.0.3.0, false, false",
        "198.18.0.0, false, true",
        "198.19.255.255, false, true",
        "198.17.255.255, false, false",
        "198.20.0.0, false, false",
        "198.51.100.7, false, true",
        "198.51.101.0, false, false",
        "203.0.113.1, false, true",
        "203.0.114.0, false, false",
        "224.0.0.0, false, true",
        "239.255.255.255, false, true",
        "223.255.255.255, false, false",
        "240.0.0.0, false, true",
        "255.255.255.255, false, true",
        "2001:db8::1, false, false",
        "::1, false, false"
    })
    void addressesHaveTheirClass(String host, boolean isPrivate, boolean isReserved) {
        PeerAddress address = PeerAddress.of(host, 1);
        assertThat(AddressClass.isPrivate(address)).isEqualTo(isPrivate);
        assertThat(AddressClass.isReserved(address)).isEqualTo(isReserved);
        assertThat(AddressClass.isBogon(address)).isEqualTo(isPrivate || isReserved);
    }
}
