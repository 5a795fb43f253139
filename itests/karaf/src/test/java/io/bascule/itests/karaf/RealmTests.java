/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.karaf;

import static io.bascule.itests.karaf.Waiting.eventually;
import static org.junit.Assert.assertEquals;

import io.bascule.api.SecurityProvider;
import io.bascule.spi.Authenticator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Karaf's own users, who come to the broker through its realm. */
public class RealmTests extends InKaraf {
    private static final int ACCEPTED = 0;
    private static final int BAD_USER_NAME_OR_PASSWORD = 4;
    private static final int NOT_AUTHORIZED = 5;

    private Path users;
    private String before;

    @Before
    public void addUsers() throws Exception {
        users = Path.of(System.getProperty("karaf.etc"), "users.properties");
        before = Files.readString(users);
        Files.writeString(
                users,
                "\nalice = wonder land,_g_:plant\n_g_\\:plant = group,mqtt\nbob = builder,viewer\n",
                StandardOpenOption.APPEND);
    }

    @After
    public void removeUsers() throws Exception {
        Files.writeString(users, before);
    }

    private int listen() throws Exception {
        int port = Sockets.freePort();
        writeToEtc("io.bascule.listener-realm.cfg", "host = 127.0.0.1\nport = " + port + "\nauthenticators = house\n");
        return port;
    }

    @Test(timeout = 60_000)
    public void letsInTheUsersOfKarafThatHaveTheRole() throws Exception {
        writeToEtc("io.bascule.jaas-house.cfg", "role = mqtt\n");
        int port = listen();
        eventually(TO_NOTICE, "alice may come", () -> RawClient.connAck(port, "alice", "wonder land") == ACCEPTED);

        assertEquals(BAD_USER_NAME_OR_PASSWORD, RawClient.connAck(port, "alice", "wonderland"));
        assertEquals(BAD_USER_NAME_OR_PASSWORD, RawClient.connAck(port, "alice", ""));
        assertEquals(BAD_USER_NAME_OR_PASSWORD, RawClient.connAck(port, "eve", "wonder land"));
        assertEquals("bob has no such role", BAD_USER_NAME_OR_PASSWORD, RawClient.connAck(port, "bob", "builder"));
        assertEquals(NOT_AUTHORIZED, RawClient.connAck(port, null, null));
    }

    @Test(timeout = 60_000)
    public void servesNobodyByARealmThatIsNotThere() throws Exception {
        writeToEtc("io.bascule.jaas-house.cfg", "realm = nowhere\n");
        int port = listen();
        eventually(
                TO_NOTICE,
                "the reason is seen",
                () -> execute("mqtt:security").contains("there is no JAAS realm nowhere"));
        eventually(TO_NOTICE, "the listener says so", () -> {
            String listeners = execute("mqtt:listeners");
            return listeners.contains("realm") && listeners.contains("there is no JAAS realm nowhere");
        });

        assertEquals(
                0,
                context.getServiceReferences(Authenticator.class, "(" + SecurityProvider.NAME + "=house)")
                        .size());
        assertEquals(false, Mqtt.answers(port));
    }
}
