/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.kill;

/** Something that a broker must not do, and where it did. */
record Finding(Fault fault, String where) {

    /** What it did. */
    enum Fault {
        /** What was acknowledged, or a part of it, did not come. */
        LOST,
        /** A QoS 2 message came twice. */
        TWICE,
        /** A message came for the first time after a later one. */
        OUT_OF_ORDER,
        /** A message came that was never sent. */
        INVENTED,
        /** A session was not present. */
        SESSION,
        /** A subscription was gone after its SUBACK, or there after its UNSUBACK. */
        SUBSCRIPTION,
        /** A retained message was older than one that was acknowledged. */
        RETAINED,
        /** It reports an error, such as a file that is damaged. */
        ERROR,
        /** It took too long to start again. */
        SLOW
    }
}
