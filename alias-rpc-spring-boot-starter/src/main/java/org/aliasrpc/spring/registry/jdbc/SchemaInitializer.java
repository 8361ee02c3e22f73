package org.aliasrpc.spring.registry.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.EmbeddedDatabaseConnection;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.jdbc.init.PlatformPlaceholderDatabaseDriverResolver;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** Creates the table at start, as the scripts for H2 and PostgreSQL say, under the name that is configured. */
public final class SchemaInitializer extends DataSourceScriptDatabaseInitializer {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaInitializer.class);
    private static final String SCRIPTS = "classpath:org/aliasrpc/spring/registry/jdbc/schema-@@platform@@.sql";

    private final AliasTableName name;

    private SchemaInitializer(DataSource dataSource, DatabaseInitializationSettings settings, AliasTableName name) {
        super(dataSource, settings);
        this.name = name;
    }

    /**
     * Asks the database what it is, unless the mode is {@code NEVER}.
     *
     * @param dataSource of the database
     * @param mode when to create the table
     * @param name of the table
     */
    public static SchemaInitializer of(DataSource dataSource, DatabaseInitializationMode mode, AliasTableName name) {
        DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
        settings.setMode(DatabaseInitializationMode.NEVER);
        if (mode != DatabaseInitializationMode.NEVER) {
            boolean embedded = embedded(dataSource);
            if (embedded) {
                LOG.warn("The alias table is in a database in this process' memory: a restart forgets it."
                        + " Set spring.datasource.url for one that stays");
            }
            if (embedded || mode == DatabaseInitializationMode.ALWAYS) {
                settings.setMode(DatabaseInitializationMode.ALWAYS);
                settings.setSchemaLocations(
                        new PlatformPlaceholderDatabaseDriverResolver().resolveAll(dataSource, SCRIPTS));
            }
        }
        return new SchemaInitializer(dataSource, settings, name);
    }

    private static boolean embedded(DataSource dataSource) {
        try {
            return EmbeddedDatabaseConnection.isEmbedded(dataSource);
        } catch (RuntimeException e) {
            LOG.debug("The database does not answer, so it is not one of this process", e);
            return false;
        }
    }

    @Override
    protected void runScripts(Scripts scripts) {
        List<Resource> named = new ArrayList<>();
        for (Resource script : scripts) {
            try {
                String text = script.getContentAsString(StandardCharsets.UTF_8)
                        .replace(AliasTableName.DEFAULT_PREFIX, name.prefix());
                named.add(new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8), script.getDescription()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        new ResourceDatabasePopulator(named.toArray(Resource[]::new)).execute(getDataSource());
    }
}
