/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.util.List;

/** An edit of a configuration that was not made, with every reason. */
public final class ConfigurationRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String[] errors;

    /** @param errors one sentence each, without a full stop */
    public ConfigurationRefusedException(List<String> errors) {
        super(String.join("; ", errors));
        this.errors = errors.toArray(String[]::new);
    }

    /** One sentence each, without a full stop. */
    public List<String> errors() {
        return List.of(errors);
    }
}
