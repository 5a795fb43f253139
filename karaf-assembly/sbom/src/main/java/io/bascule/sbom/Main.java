/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.sbom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cyclonedx.model.Component;

/** {@code Main <folder> <file> <group> <artifact> <version>}: writes what is in the folder of a distribution into the file. */
public final class Main {
    private Main() {}

    /** Called by the build. */
    public static void main(String[] arguments) throws IOException {
        Component itself = new Coordinates(arguments[2], arguments[3], arguments[4]).component();
        itself.setType(Component.Type.APPLICATION);
        String bom = new Distribution(Path.of(arguments[0])).bom(itself);
        Path file = Path.of(arguments[1]);
        Files.createDirectories(file.getParent());
        Files.writeString(file, bom);
    }
}
