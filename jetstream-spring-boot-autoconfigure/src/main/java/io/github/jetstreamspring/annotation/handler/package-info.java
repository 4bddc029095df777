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
 * Makes a handler of a bean's method, and hands messages to it. Internal: only the
 * package {@code annotation} uses it.
 * <p>
 * At start-up a method is checked, and what is wrong with it goes to a
 * {@code ProblemCollector}: {@code MethodCheck} looks at what it takes and returns,
 * {@code ReplyFactory} at where its results go, {@code InvocableMethods} at whether the
 * bean's proxy lets it be called. For each message there are three stages:
 * <ol>
 * <li>{@code Arguments} get the values of the parameters, each one in the way that
 * {@code ArgumentFactory} has chosen by its {@code ParameterKind},</li>
 * <li>{@code MethodCall} calls the method,</li>
 * <li>{@code HandlerCompletion} says when the message is handled, by the method's
 * {@code ReturnKind} and after {@code ReplyPublisher} has published the result.</li>
 * </ol>
 * Apart from these, {@code OrderKeyFactory} makes the keys by which messages are ordered.
 * <p>
 * Start reading at {@code HandlerFactory}, which puts a handler together, and
 * {@code DeliveryMethodHandler}, which is one.
 */
@NullMarked
package io.github.jetstreamspring.annotation.handler;

import org.jspecify.annotations.NullMarked;
