/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

/** What a message knows of one of its receivers: the session, for which it waits, or an {@link InFlight}. */
interface Recipient {
    KeptSession session();
}
