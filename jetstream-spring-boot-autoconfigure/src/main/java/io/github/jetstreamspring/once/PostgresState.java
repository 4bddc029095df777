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

package io.github.jetstreamspring.once;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * What the driver of PostgreSQL knows of a transaction without asking the database, which
 * saves a round trip for each message.
 */
final class PostgresState {

	// Not on everybody's class path
	private static final @Nullable Method STATE = state();

	private PostgresState() {
	}

	/**
	 * Returns whether the current transaction is one of PostgreSQL that goes on.
	 * @param dataSource the database
	 * @return {@code false} if a statement of it has failed, or nobody knows
	 */
	static boolean isOpen(DataSource dataSource) {
		if (STATE == null) {
			return false;
		}
		Connection connection = DataSourceUtils.getConnection(dataSource);
		try {
			Class<?> type = STATE.getDeclaringClass();
			return connection.isWrapperFor(type)
					&& "OPEN".equals(String.valueOf(STATE.invoke(connection.unwrap(type))));
		}
		catch (SQLException | IllegalAccessException | InvocationTargetException ex) {
			return false;
		}
		finally {
			DataSourceUtils.releaseConnection(connection, dataSource);
		}
	}

	private static @Nullable Method state() {
		try {
			Class<?> type = ClassUtils.forName("org.postgresql.core.BaseConnection",
					PostgresState.class.getClassLoader());
			return ReflectionUtils.findMethod(type, "getTransactionState");
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return null;
		}
	}

}
