/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.provider;

import io.bascule.api.SecurityProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A provider that lives on its configuration alone: it serves while that is valid. */
public final class ConfiguredProvider implements SecurityProvider {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredProvider.class);

    private final String name;
    private final String kind;
    private final List<String> errors;
    private final Supplier<Map<String, Long>> figures;
    private final Supplier<Optional<String>> trouble;

    /**
     * A provider, whose errors are logged.
     *
     * @param errors of its configuration, one sentence each
     * @param figures of whoever decides
     * @param trouble what is wrong while its configuration is valid
     */
    public ConfiguredProvider(
            String name,
            String kind,
            List<String> errors,
            Supplier<Map<String, Long>> figures,
            Supplier<Optional<String>> trouble) {
        this.name = name;
        this.kind = kind;
        this.errors = errors;
        this.figures = figures;
        this.trouble = trouble;
        if (!errors.isEmpty()) {
            LOG.warn("{} {}: {}; it decides nothing", kind, name, String.join("; ", errors));
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public boolean serving() {
        return errors.isEmpty();
    }

    @Override
    public Optional<String> failure() {
        return errors.isEmpty() ? trouble.get() : Optional.of(String.join("; ", errors));
    }

    @Override
    public Map<String, Long> figures() {
        return figures.get();
    }
}
