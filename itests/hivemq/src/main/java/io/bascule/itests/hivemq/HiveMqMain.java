/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hivemq;

import com.hivemq.embedded.EmbeddedHiveMQ;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs HiveMQ CE on a loopback port until its standard input ends, so that it never outlives the test that started it. */
public final class HiveMqMain {
    private HiveMqMain() {}

    /** Takes the port and an empty folder for everything that HiveMQ writes. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[1]);
        Path conf = Files.createDirectories(folder.resolve("conf"));
        Files.writeString(conf.resolve("config.xml"), configuration(Integer.parseInt(args[0])));
        EmbeddedHiveMQ broker = EmbeddedHiveMQ.builder()
                .withConfigurationFolder(conf)
                .withDataFolder(Files.createDirectories(folder.resolve("data")))
                .withExtensionsFolder(Files.createDirectories(folder.resolve("extensions")))
                .build();
        broker.start().join();
        System.out.println("started");
        while (System.in.read() >= 0) {
            // Only the end counts.
        }
        Runtime.getRuntime().halt(0);
    }

    /** Memory is enough: nobody restarts it. Queues are as long as a test is. */
    private static String configuration(int port) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <hivemq>
                  <listeners>
                    <tcp-listener>
                      <port>%d</port>
                      <bind-address>127.0.0.1</bind-address>
                    </tcp-listener>
                  </listeners>
                  <mqtt>
                    <queued-messages>
                      <max-queue-size>1000000</max-queue-size>
                    </queued-messages>
                  </mqtt>
                  <persistence>
                    <mode>in-memory</mode>
                  </persistence>
                  <anonymous-usage-statistics>
                    <enabled>false</enabled>
                  </anonymous-usage-statistics>
                </hivemq>
                """.formatted(port);
    }
}
