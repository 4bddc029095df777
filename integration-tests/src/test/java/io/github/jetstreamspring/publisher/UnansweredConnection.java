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

package io.github.jetstreamspring.publisher;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import io.nats.client.Connection;
import io.nats.client.impl.Headers;

/**
 * A connection on which the answers to some messages get lost, although the server has
 * received them.
 */
final class UnansweredConnection {

	private UnansweredConnection() {
	}

	/**
	 * Wraps a connection.
	 * @param connection the connection
	 * @param isLost whether the answer to a message with these headers gets lost
	 * @return the connection that loses answers
	 */
	static Connection of(Connection connection, Predicate<Headers> isLost) {
		return wrap(connection, (method, arguments) -> {
			if (method.getName().equals("publish") && arguments.length == 4 && arguments[2] instanceof Headers headers
					&& isLost.test(headers)) {
				arguments[1] = "nobody.listens";
			}
			return method.invoke(connection, arguments);
		});
	}

	/**
	 * Wraps a connection.
	 * @param connection the connection
	 * @param areLost whether requests are never answered now
	 * @return the connection that loses requests
	 */
	static Connection ofRequests(Connection connection, BooleanSupplier areLost) {
		return wrap(connection,
				(method, arguments) -> (method.getName().equals("requestWithTimeout") && areLost.getAsBoolean())
						? new CompletableFuture<>() : method.invoke(connection, arguments));
	}

	private static Connection wrap(Connection connection, Call call) {
		return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
					try {
						return call.to(method, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	private interface Call {

		Object to(Method method, Object[] arguments) throws ReflectiveOperationException;

	}

}
