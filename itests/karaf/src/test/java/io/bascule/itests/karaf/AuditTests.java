/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.karaf;

import static io.bascule.itests.karaf.Waiting.eventually;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.json.Json;
import javax.json.JsonObject;
import javax.json.JsonReader;
import org.junit.Test;

/** The audit log of the distribution is a file of its own, and nothing else is in it. */
public class AuditTests extends InKaraf {
    private static final String CLIENT = "audited";

    @Test(timeout = 60_000)
    public void isAFileOfItsOwn() throws Exception {
        RawClient.connect(port(), CLIENT).close();

        Path log = Path.of(System.getProperty("karaf.data"), "log");
        eventually(TO_NOTICE, "the login is there", () -> hasLogin(log.resolve("audit.log")));
        assertFalse(Files.readString(log.resolve("karaf.log")).contains("\"event\":\"login.accepted\""));
    }

    private static boolean hasLogin(Path file) throws IOException {
        String text = Files.readString(file);
        boolean found = false;
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            try (JsonReader reader = Json.createReader(new StringReader(line))) {
                JsonObject entry = reader.readObject();
                assertTrue(line, entry.containsKey("time"));
                found |= entry.getString("event").equals("login.accepted")
                        && entry.getString("client").equals(CLIENT);
            }
        }
        return found;
    }
}
