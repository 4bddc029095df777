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

package io.github.jetstreamspring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Import;

/**
 * Finds {@link JetStreamListener @JetStreamListener} methods in an application without
 * Spring Boot. With Spring Boot it is not needed.
 * <p>
 * The application has a bean of type
 * {@link io.github.jetstreamspring.listener.JetStreamListeners} to run them. It may have
 * a {@link io.github.jetstreamspring.topology.Topology},
 * {@link io.github.jetstreamspring.listener.ListenerSettings}, a
 * {@link org.springframework.messaging.converter.MessageConverter} and a
 * {@link org.springframework.validation.Validator}. For listeners on a further
 * connection, the topology and the
 * {@link io.github.jetstreamspring.publisher.JetStreamOperations} of that connection have
 * its name as their qualifier.
 *
 * @since 0.1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Import(ListenerConfiguration.class)
public @interface EnableJetStream {

}
