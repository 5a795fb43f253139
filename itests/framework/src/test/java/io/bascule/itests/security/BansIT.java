/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Ban;
import io.bascule.api.Bans;
import io.bascule.itests.peers.MosquittoPasswd;
import io.bascule.itests.peers.MosquittoPub;
import io.bascule.itests.secrets.Canary;
import java.nio.file.Path;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Who fails to log in by a password file, and what the console tells of it. */
public class BansIT extends SecurityContract {
    private static final String WRONG = "Bad User Name or Password";

    @Before
    public void configure() throws Exception {
        banAfter("2");
        Path file = folder.resolve("users");
        MosquittoPasswd.set(file, "alice", Canary.secret("wonder land"));
        MosquittoPasswd.set(file, "bob", "pony");
        serve(PASSWORDS, "plant", file);
    }

    @After
    public void unban() throws Exception {
        banNobodyAnyMore();
    }

    private void login(String version, String user, String password) {
        MosquittoPub.publish(port, version, 1, "a", "x", "-u", user, "-P", password);
    }

    private void refused(String version, String user, String password, String why) {
        assertThatThrownBy(() -> login(version, user, password))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(why);
    }

    @Test(timeout = 60_000)
    public void whoIsBannedIsListedAndLetInAgain() throws Exception {
        refused("mqttv5", "alice", "wonderland", WRONG);
        refused("mqttv5", "alice", "wonderland", WRONG);
        refused("mqttv5", "alice", Canary.secret("wonder land"), "Banned");
        refused("mqttv311", "alice", Canary.secret("wonder land"), "not authorised");
        login("mqttv5", "bob", "pony");

        assertThat(console("bans")).contains("127.0.0.1", "alice", "main").doesNotContain("bob");
        banAfter("3"); // which restarts the broker
        refused("mqttv5", "alice", Canary.secret("wonder land"), "Banned");
        assertThat(service(Bans.class).list())
                .singleElement()
                .extracting(Ban::refused)
                .isEqualTo(3L);

        assertThat(console("unban 127.0.0.1 alice")).isEqualToIgnoringWhitespace("Lifted 1 ban.");
        login("mqttv5", "alice", Canary.secret("wonder land"));
        assertThat(console("bans")).contains("Nobody is banned.");
    }
}
