/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.karaf;

import static io.bascule.itests.karaf.Waiting.eventually;
import static org.hamcrest.CoreMatchers.containsString;
import static org.hamcrest.CoreMatchers.not;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.junit.Assert.assertTrue;

import java.security.PrivilegedExceptionAction;
import java.util.List;
import javax.security.auth.Subject;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.junit.Test;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Secrets that files in {@code etc} refer to: no command shows them. The files that Karaf has written are searched when it has ended. */
public class SecretsTests extends InKaraf {
    private static final String PLACEHOLDER = "$[secret:known]";

    @Test(timeout = 120_000)
    public void areShownByNoCommand() throws Exception {
        writeToEtc("known", secret());
        writeToEtc("io.bascule.jwt-tokens.cfg", "secret = " + PLACEHOLDER + "\nalgorithms = HS256\n");
        writeToEtc(
                "io.bascule.http-callout.cfg",
                "url = http://127.0.0.1:" + Sockets.freePort() + "/\nauthorization = Bearer " + PLACEHOLDER + "\n");
        writeToEtc(
                "io.bascule.listener-asking.cfg",
                "port = " + Sockets.freePort() + "\nauthenticators = tokens, callout\n");
        String remote = "server = mqtt://127.0.0.1:" + Sockets.freePort() + "\ndelete.grace = 0s\nforward.all = a/#\n";
        writeToEtc("io.bascule.bridge-far.cfg", remote + "user = gateway\npassword = " + PLACEHOLDER + "\n");
        writeToEtc("io.bascule.bridge-wrong.cfg", remote + "pasword = " + PLACEHOLDER + "\n");
        eventually(TO_NOTICE, "the bridge tries", () -> execute("mqtt:bridges").contains("far"));
        eventually(
                TO_NOTICE, "the mistake is told", () -> execute("mqtt:bridges").contains("pasword"));
        eventually(
                TO_NOTICE,
                "the provider is there",
                () -> execute("mqtt:security").contains("tokens"));
        assertTrue("the secret is in use", isFilledIn("io.bascule.bridge~far"));

        for (String line : List.of(
                "mqtt:status --json",
                "mqtt:listeners --json",
                "mqtt:security --json",
                "mqtt:bridges --json",
                "mqtt:bridge-info far",
                "mqtt:bridge-info --json far",
                "mqtt:bridge-diff wrong",
                "mqtt:bridge-diff --json wrong",
                "mqtt:bridge-set far keepalive=20s",
                "mqtt:retained-get '$SYS/broker/bridge/far'",
                "mqtt:sessions --json",
                "log:display")) {
            assertThat(line, execute(line), not(containsString(secret())));
        }
    }

    /** Karaf's own commands that show configurations as they are in force. */
    @Test(timeout = 60_000)
    public void areShownByCommandsOfKarafToAdministratorsAlone() throws Exception {
        writeToEtc("known", secret());
        writeToEtc("io.bascule.jwt-tokens.cfg", "secret = " + PLACEHOLDER + "\nalgorithms = HS256\n");
        eventually(
                TO_NOTICE,
                "the provider is there",
                () -> execute("mqtt:security").contains("tokens"));

        assertThat(as("admin", "config:list"), containsString(secret()));
        assertThat(as("manager", "config:list"), not(containsString(secret())));
        assertThat(as("viewer", "config:property-list --pid io.bascule.jwt~tokens"), not(containsString(secret())));
    }

    @SuppressWarnings("removal") // what Karaf itself looks at
    private String as(String role, String line) throws Exception {
        Subject subject = new Subject();
        subject.getPrincipals().add(new UserPrincipal(role));
        subject.getPrincipals().add(new RolePrincipal(role));
        return Subject.doAs(subject, (PrivilegedExceptionAction<String>) () -> {
            try {
                return execute(line);
            } catch (Exception e) {
                return e.toString();
            }
        });
    }

    private boolean isFilledIn(String pid) throws Exception {
        ConfigurationAdmin admin = context.getService(context.getServiceReference(ConfigurationAdmin.class));
        Configuration configuration = admin.listConfigurations("(service.pid=" + pid + ")")[0];
        Object password = configuration.getProcessedProperties(null).get("password");
        return secret().equals(password);
    }
}
