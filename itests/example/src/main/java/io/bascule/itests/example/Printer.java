/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.example;

import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Keeps what is printed. */
@Component(service = Printer.class)
public final class Printer {
    private final List<String> printed = new ArrayList<>();

    synchronized void print(String line) {
        printed.add(line);
    }

    synchronized String printed() {
        return String.join("\n", printed);
    }
}
