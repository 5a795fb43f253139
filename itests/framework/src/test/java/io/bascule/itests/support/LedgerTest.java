/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

/** The tests believe the ledger: so it has to see what it is there to see. */
public class LedgerTest {
    private final Ledger ledger = new Ledger();

    @Test
    public void balancesWhenEveryMessageComesOnceAndInOrder() {
        send(3);
        receive(0, 1, 2);
        assertThat(ledger.books()).isEqualTo(new Ledger.Books(3, 3, 0, 0, 0));
        assertThat(ledger.books().isExact()).isTrue();
    }

    @Test
    public void noticesALostMessage() {
        send(3);
        receive(0, 2);
        assertThat(ledger.books().lost()).isEqualTo(1);
        assertThat(ledger.books().isComplete()).isFalse();
    }

    @Test
    public void noticesTheLossOfTheLastMessage() {
        send(3);
        receive(0, 1);
        assertThat(ledger.books().isComplete()).isFalse();
    }

    @Test
    public void noticesADuplicate() {
        send(2);
        receive(0, 1, 1);
        assertThat(ledger.books().duplicates()).isEqualTo(1);
        assertThat(ledger.books().isComplete()).isTrue();
        assertThat(ledger.books().isExact()).isFalse();
    }

    @Test
    public void noticesMessagesThatWereOvertaken() {
        send(4);
        receive(0, 3, 1, 2);
        assertThat(ledger.books().outOfOrder()).isEqualTo(2);
        assertThat(ledger.books().isComplete()).isFalse();
    }

    @Test
    public void takesRedeliveryInOrderForDuplicatesAndNotForDisorder() {
        send(5);
        receive(0, 1, 2, 1, 2, 3, 4);
        assertThat(ledger.books()).isEqualTo(new Ledger.Books(5, 5, 2, 0, 0));
    }

    @Test
    public void noticesAMessageThatNobodySent() {
        send(1);
        receive(0, 1);
        assertThat(ledger.books().strangers()).isEqualTo(1);
        assertThat(ledger.books().isComplete()).isFalse();
    }

    @Test
    public void knowsWhetherTheLastMessageHasCome() {
        send(3);
        receive(0, 1);
        assertThat(ledger.hasLast()).isFalse();
        receive(2);
        assertThat(ledger.hasLast()).isTrue();
    }

    private void send(int messages) {
        for (int i = 0; i < messages; i++) {
            ledger.send();
        }
    }

    private void receive(int... numbers) {
        for (int number : numbers) {
            ledger.receive(number);
        }
    }
}
