/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

/** The four packets that acknowledge a PUBLISH (MQTT 5.0, sections 3.4 to 3.7), with the first byte they have on the wire. */
public enum Acknowledgement {
    PUBACK(0x40),
    PUBREC(0x50),
    PUBREL(0x62),
    PUBCOMP(0x70);

    private final int firstByte;

    Acknowledgement(int firstByte) {
        this.firstByte = firstByte;
    }

    /** Type and flags: the first byte of the fixed header. */
    public int firstByte() {
        return firstByte;
    }
}
