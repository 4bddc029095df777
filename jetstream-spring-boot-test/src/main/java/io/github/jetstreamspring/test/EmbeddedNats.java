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

package io.github.jetstreamspring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a real nats-server with JetStream.
 * <p>
 * With Spring, the application is connected to it whatever {@code jetstream.servers}
 * says, and an {@link EmbeddedNatsServer} is a bean (an {@link EmbeddedNatsCluster} if
 * there are several servers). It lasts as long as the application context, which Spring
 * keeps for other test classes. Without Spring, it is there for the test class, and for
 * the classes nested in it. Methods and constructors of JUnit can have it as a parameter.
 * <p>
 * By default the tests of a JVM share one server, on which each application context, and
 * each class without Spring, has an account of its own: nobody sees the streams and
 * messages of others, nothing has to be emptied, and classes can run side by side. Only
 * what concerns the whole process, such as {@link EmbeddedNatsServer#kill()}, needs a
 * server that isn't {@link #shared()}.
 * <p>
 * The annotation is inherited by subclasses and nested classes, and can be put on
 * annotations of one's own.
 *
 * @since 0.1.0
 * @see NeedsServer
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(EmbeddedNatsExtension.class)
public @interface EmbeddedNats {

	/**
	 * The minor version of the server, such as {@code 2.11}. The program is the one that
	 * {@link EmbeddedNatsServer} finds if it has that version; otherwise the one that the
	 * system property {@code nats-server.2.11.path} or the environment variable
	 * {@code NATS_SERVER_2_11_PATH} names, or {@code nats-server-2.11} on the
	 * {@code PATH}. Such a server is not shared.
	 * @return the version, or an empty text for whatever is found
	 */
	String version() default "";

	/**
	 * The number of servers. Several are a cluster, which is not shared.
	 * @return 1, or 3 or more
	 */
	int servers() default 1;

	/**
	 * Further lines of the server's configuration file, such as
	 * {@code "max_payload: 64KB"}. Such a server is not shared.
	 * @return the lines
	 */
	String[] config() default {};

	/**
	 * Whether the server is shared with other tests of the JVM. One that isn't can be
	 * stopped, killed, paused and restarted.
	 * @return whether it is shared, if nothing else is against it
	 */
	boolean shared() default true;

}
