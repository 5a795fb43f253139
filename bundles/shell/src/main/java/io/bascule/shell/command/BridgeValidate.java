/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgeConfigurations.Finding;
import io.bascule.api.BridgeConfigurations.Findings;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Details;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.Text;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code mqtt:bridge-validate}: says what is wrong with a file, and fails where something is.
 *
 * @param file on the broker's machine
 */
public record BridgeValidate(Path file) implements OngoingCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Says what is wrong with a bridge's file; fails where something is.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-validate /tmp/io.bascule.bridge-cloud.cfg";
    /** For the help of both shells. */
    public static final String FILE = "A file in UTF-8, on the broker's machine.";

    private static final List<Column<Finding>> COLUMNS =
            List.of(new Column<>("line", "Line", Finding::line), new Column<>("error", "Error", Finding::sentence));

    /**
     * The file that is asked for.
     *
     * @param file as typed, null when it was left out
     * @throws CommandFailure when it was, or is no path
     */
    public static BridgeValidate of(String file) {
        if (file == null) {
            throw new CommandFailure("The file is missing, as in " + EXAMPLE + ".");
        }
        try {
            return new BridgeValidate(Path.of(file).toAbsolutePath());
        } catch (InvalidPathException e) {
            throw new CommandFailure(file + " is no file: " + e.getReason() + ".");
        }
    }

    @Override
    public void run(Supplier<Services> services, Console console) {
        Findings findings = BridgeEdit.tried(
                services.get(), "It cannot be validated", configurations -> configurations.validate(file));
        boolean valid = findings.errors().isEmpty();
        console.print(new Details()
                .with("file", "File", file.toString())
                .with("valid", "Valid", valid)
                .with("warnings", "Warnings", findings.warnings())
                .with("errors", "Errors", Table.of(findings.errors(), (a, b) -> 0, "None.", COLUMNS)));
        if (!valid) {
            throw new CommandFailure(
                    file + " is not valid: " + Text.count(findings.errors().size(), "error") + ".");
        }
    }
}
