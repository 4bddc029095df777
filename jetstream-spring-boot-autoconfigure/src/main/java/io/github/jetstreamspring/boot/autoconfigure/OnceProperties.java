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

import java.time.Duration;

import io.github.jetstreamspring.once.JdbcHandledMessages;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What listeners need that handle each message once.
 *
 * @param transactionManager Name of the transaction manager bean, if there is more than
 * one.
 * @param retention How long a handled message is remembered, or 0 for always. Longer than
 * dead letters are kept, as one that is redriven may have been handled.
 * @param jdbc Table of handled messages.
 * @since 0.1.0
 */
public record OnceProperties(@Nullable String transactionManager, @DefaultValue("35d") Duration retention,
		@DefaultValue Jdbc jdbc) {

	// What is said of the components, for when none of them is set
	static final OnceProperties DEFAULTS = new OnceProperties(null, Duration.ofDays(35), Jdbc.DEFAULTS);

	/**
	 * Checks the values.
	 */
	public OnceProperties {
		PropertyChecks checks = new PropertyChecks();
		checks.check("transaction-manager", transactionManager == null || !transactionManager.isBlank(),
				"it must be the name of a bean");
		checks.check("retention", !retention.isNegative(), "it must be a duration such as 35d, or 0 for no limit");
		checks.throwIfAny();
	}

	/**
	 * Properties of the table.
	 *
	 * @param tableName Name of the table, maybe with its schema.
	 * @param initializeSchema Whether the table is created by the application.
	 * @since 0.1.0
	 */
	public record Jdbc(@DefaultValue(JdbcHandledMessages.DEFAULT_TABLE) String tableName,
			@DefaultValue("embedded") SchemaInitialization initializeSchema) {

		static final Jdbc DEFAULTS = new Jdbc(JdbcHandledMessages.DEFAULT_TABLE, SchemaInitialization.EMBEDDED);

		/**
		 * Checks the values.
		 */
		public Jdbc {
			PropertyChecks checks = new PropertyChecks();
			checks.check("table-name", tableName.matches(JdbcHandledMessages.TABLE_PATTERN),
					"it must be the name of a table, such as jobs.jetstream_handled");
			checks.throwIfAny();
		}

	}

	/**
	 * Whether the application creates the table.
	 *
	 * @since 0.1.0
	 */
	public enum SchemaInitialization {

		// As Spring Boot's own, which isn't on everybody's class path

		/**
		 * In embedded databases.
		 */
		EMBEDDED,

		/**
		 * In every database.
		 */
		ALWAYS,

		/**
		 * Never.
		 */
		NEVER

	}

}
