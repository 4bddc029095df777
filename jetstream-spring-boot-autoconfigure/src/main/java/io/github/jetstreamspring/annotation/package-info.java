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

/**
 * The listener annotation, and how its methods become listeners. In order:
 * <ol>
 * <li>{@code ListenerMethodPostProcessor} sees the beans as they are made, and
 * {@code ListenerBeanSearch} looks for those that are not made by themselves;
 * {@code ListenerAnnotations} tells which of their methods have the annotation,</li>
 * <li>{@code ListenerRegistrar} has a definition read of each method by
 * {@code ListenerDefinitionReader}: its attributes, its consumer, and its handler, which
 * the package {@code annotation.handler} makes,</li>
 * <li>the definitions are registered with {@code JetStreamListeners}, or all that is
 * wrong is thrown as one {@code ListenerConfigurationException}.</li>
 * </ol>
 * Start reading at {@code ListenerMethodPostProcessor}.
 */
@NullMarked
package io.github.jetstreamspring.annotation;

import org.jspecify.annotations.NullMarked;
