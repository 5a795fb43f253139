/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

/** Whoever asks for a session that may belong to someone else at that moment. */
interface Newcomer {

    /** The session is theirs; called on the event loop they asked for. */
    void welcome(boolean present);

    /** The session has ended, or gone on to the next newcomer, before it could be handed over. Called on any event loop. */
    void askAgain();
}
