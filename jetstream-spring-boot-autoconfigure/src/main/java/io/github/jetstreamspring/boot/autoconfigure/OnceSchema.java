/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

import javax.sql.DataSource;

import io.github.jetstreamspring.boot.autoconfigure.OnceProperties.SchemaInitialization;
import io.github.jetstreamspring.listener.OnceUnavailableException;
import io.github.jetstreamspring.once.JdbcHandledMessages;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.jdbc.init.PlatformPlaceholderDatabaseDriverResolver;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;

/**
 * Creates the table of handled messages, as Spring Boot does it with the tables of
 * others.
 */
final class OnceSchema extends DataSourceScriptDatabaseInitializer {

	private static final Log logger = LogFactory.getLog(OnceSchema.class);

	private static final String SCRIPT = "classpath:io/github/jetstreamspring/once/schema-@@platform@@.sql";

	private final DatabaseInitializationSettings settings;

	private final String table;

	private OnceSchema(DataSource dataSource, DatabaseInitializationSettings settings, String table) {
		super(dataSource, settings);
		this.settings = settings;
		this.table = table;
	}

	/**
	 * Creates the table, unless it is there already or the application isn't to create
	 * it.
	 * @param dataSource the database
	 * @param table the name of the table
	 * @param initialization whether the application creates it
	 * @throws OnceUnavailableException if it can't be created
	 */
	static void initialize(DataSource dataSource, String table, SchemaInitialization initialization) {
		DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
		settings.setMode(DatabaseInitializationMode.valueOf(initialization.name()));
		OnceSchema schema = new OnceSchema(dataSource, settings, table);
		if (!schema.isWanted()) {
			return;
		}
		try {
			schema.create();
		}
		catch (RuntimeException ex) {
			logger.debug("The table of handled messages could not be created", ex);
			OnceUnavailableException unavailable = new OnceUnavailableException(
					"table '%s' can't be created: %s".formatted(table, describe(ex)),
					"See whether the database is there and lets this user create tables. Or create it with one of the scripts in io/github/jetstreamspring/once of the starter's jar, and set jetstream.once.jdbc.initialize-schema: never.");
			unavailable.initCause(ex);
			throw unavailable;
		}
	}

	// Those on the way to the cause say what was tried, and it says what was wrong
	private static String describe(Throwable failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
	}

	private boolean isWanted() {
		return switch (this.settings.getMode()) {
			case ALWAYS -> true;
			case EMBEDDED -> isEmbeddedDatabase();
			case NEVER -> false;
		};
	}

	private void create() {
		this.settings
			.setSchemaLocations(new PlatformPlaceholderDatabaseDriverResolver().resolveAll(getDataSource(), SCRIPT));
		try {
			initializeDatabase();
		}
		catch (RuntimeException ex) {
			// Another instance may have created it at the same time, which PostgreSQL
			// doesn't forgive
			initializeDatabase();
		}
	}

	@Override
	protected void runScripts(Scripts scripts) {
		List<Resource> named = new ArrayList<>();
		scripts.forEach((script) -> named.add(named(script)));
		super.runScripts(new Scripts(named).continueOnError(scripts.isContinueOnError())
			.separator(scripts.getSeparator())
			.encoding(StandardCharsets.UTF_8));
	}

	private Resource named(Resource script) {
		String simple = this.table.substring(this.table.indexOf('.') + 1);
		try {
			String text = script.getContentAsString(StandardCharsets.UTF_8)
				// Its indexes first, as the name of the table may be longer by a suffix
				.replaceAll(JdbcHandledMessages.DEFAULT_TABLE + "(?=_)", Matcher.quoteReplacement(simple))
				.replaceAll("(?<=(EXISTS|ON) )" + JdbcHandledMessages.DEFAULT_TABLE + "(?= \\()",
						Matcher.quoteReplacement(this.table));
			return new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8), script.getDescription());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
