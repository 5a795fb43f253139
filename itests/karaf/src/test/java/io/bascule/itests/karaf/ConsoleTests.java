/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.karaf;

import static org.hamcrest.CoreMatchers.allOf;
import static org.hamcrest.CoreMatchers.containsString;
import static org.hamcrest.CoreMatchers.not;
import static org.hamcrest.CoreMatchers.startsWith;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.junit.Assume.assumeTrue;

import org.junit.Before;
import org.junit.Test;

/** The commands of the scope {@code mqtt}, through Karaf's own shell. */
public class ConsoleTests extends InKaraf {
    /** Karaf 4.4 asks for the current Subject in a way that this and later Java versions refuse. */
    private static final int FIRST_JAVA_WITHOUT_SHELL = 24;

    @Before
    public void karafsShellWorksHere() {
        assumeTrue(Runtime.version().feature() < FIRST_JAVA_WITHOUT_SHELL);
    }

    @Test(timeout = 60_000)
    public void tellsHowTheBrokerStands() throws Exception {
        assertThat(execute("mqtt:status"), allOf(containsString("Version"), containsString("Sessions")));
    }

    @Test(timeout = 60_000)
    public void listsTheListener() throws Exception {
        assertThat(
                execute("mqtt:listeners"),
                allOf(containsString("default"), containsString(String.valueOf(port())), containsString("OPEN")));
    }

    @Test(timeout = 60_000)
    public void speaksJson() throws Exception {
        assertThat(execute("mqtt:listeners --json").strip(), startsWith("["));
    }

    @Test(timeout = 60_000)
    public void knowsEveryCommand() throws Exception {
        for (String command : new String[] {"clients", "subscriptions", "bridges"}) {
            assertThat(command, execute("mqtt:" + command), not(containsString("not found")));
        }
    }

    @Test(timeout = 60_000)
    public void publishes() throws Exception {
        assertThat(execute("mqtt:publish a/b hello"), not(containsString("rror")));
    }
}
