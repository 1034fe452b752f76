-- Shows in Wireshark what droprec says of each packet in its comments: fields to filter by and to make columns of, what the
-- drop means, and an expert note. Runs in Lua 5.2 (Wireshark 4.0) and 5.4. `droprec wireshark --install` puts `explanations`
-- before it, a table by reason and by function, and `better`, one by reason and function.

local explanations = explanations or {}
local better = better or {}

local droprec = Proto("droprec", "Dropped by the Linux kernel")

-- A reader takes the text of a value and gives what its field holds, or nil where the field cannot hold it. Control
-- characters are for no terminal: droprec writes none, but whoever else wrote the file may have.
local function text(value)
    return (value:gsub("%c", function(character)
        return string.format("\\x%02x", character:byte())
    end))
end

-- Hexadecimal digits are counted: `tonumber` of Lua 5.4 takes any number of them, and forgets the first ones.
local function number_below(limit)
    return function(value)
        local hexadecimal = value:match("^0x0*(%x+)$")
        local number
        if hexadecimal and #hexadecimal <= 8 then
            number = tonumber(hexadecimal, 16)
        elseif value:match("^%d+$") then
            number = tonumber(value)
        end
        if number and number < limit then
            return number
        end
    end
end
local uint16, uint32 = number_below(2 ^ 16), number_below(2 ^ 32)

local function uint64(value)
    local digits = value:match("^0*(%d+)$")
    if digits and (#digits < 20 or #digits == 20 and digits <= "18446744073709551615") then
        return UInt64(digits)
    end
end

local function yes(value)
    if value == "yes" then
        return true
    end
end

local string_of, uint16_of, uint32_of = ProtoField.string, ProtoField.uint16, ProtoField.uint32
local uint64_of, bool_of = ProtoField.uint64, ProtoField.bool

-- By droprec's keys.
local keys = {
    v = { uint32_of("droprec.v", "Version of the keys"), uint32 },
    reason = { string_of("droprec.reason", "Reason"), text },
    loc = { string_of("droprec.location", "Location"), text },
    hw = { string_of("droprec.hw", "Dropped by hardware, type of its trap"), text },
    trap_group = { string_of("droprec.trap_group", "Group of the hardware's trap"), text },
    deferred = { bool_of("droprec.deferred", "Only freed here, dropped elsewhere"), yes },
    dev = { string_of("droprec.dev", "Interface"), text },
    ifindex = { uint32_of("droprec.ifindex", "Interface index"), uint32 },
    indev = { string_of("droprec.indev", "Came in by"), text },
    iif = { uint32_of("droprec.iif", "Index of the interface that it came in by"), uint32 },
    netns = { uint32_of("droprec.netns", "Network namespace"), uint32 },
    netns_name = { string_of("droprec.netns_name", "Name of the network namespace"), text },
    dir = { string_of("droprec.dir", "Direction"), text },
    pkt_type = { string_of("droprec.pkt_type", "skb->pkt_type"), text },
    csum = { string_of("droprec.csum", "skb->ip_summed"), text },
    proto = { uint16_of("droprec.proto", "skb->protocol", base.HEX), uint16 },
    proto_is = { string_of("droprec.proto_is", "What skb->protocol is"), text },
    l2 = { string_of("droprec.l2", "Link header"), text },
    len = { uint32_of("droprec.len", "True length"), uint32 },
    caplen = { uint32_of("droprec.caplen", "Recorded length"), uint32 },
    gso = { string_of("droprec.gso", "Segments"), text },
    mark = { uint32_of("droprec.mark", "skb->mark", base.HEX), uint32 },
    prio = { uint32_of("droprec.prio", "skb->priority"), uint32 },
    hash = { uint32_of("droprec.hash", "skb->hash", base.HEX), uint32 },
    queue = { uint32_of("droprec.queue", "Queue"), uint32 },
    cpu = { uint32_of("droprec.cpu", "Processor"), uint32 },
    uid = { uint32_of("droprec.uid", "User of the socket"), uint32 },
    sock = { uint64_of("droprec.sock", "Inode of the socket"), uint64 },
    sock_role = { string_of("droprec.sock_role", "The socket is the packet's"), text },
    pid = { uint32_of("droprec.pid", "Process"), uint32 },
    comm = { string_of("droprec.comm", "Name of the process"), text },
    what = { string_of("droprec.what", "Frame"), text },
}

-- What is told in other words than a key's own.
local derived = {
    sentence = string_of("droprec.sentence", "Drop"),
    func = string_of("droprec.function", "Function"),
    offset = uint32_of("droprec.offset", "Offset", base.HEX),
    module = string_of("droprec.module", "Module"),
    segments = uint32_of("droprec.gso.segments", "Number of segments"),
    segment_size = uint32_of("droprec.gso.size", "Payload of a segment"),
    verdict = string_of("droprec.verdict", "In general"),
    meaning = string_of("droprec.meaning", "What it means"),
    check = string_of("droprec.check", "What to check"),
    counter = string_of("droprec.counter", "Rises with it"),
    other = string_of("droprec.other", "Also told"),
    stack = string_of("droprec.stack", "Call stack"),
}

for _, key in pairs(keys) do
    table.insert(droprec.fields, key[1])
end
for _, field in pairs(derived) do
    table.insert(droprec.fields, field)
end

local function expert_of(name, words, severity)
    return ProtoExpert.new("droprec." .. name, words, expert.group.COMMENTS_GROUP, severity)
end
-- By the verdict of an explanation.
local experts = {
    ["usually harmless"] = expert_of("harmless", "Dropped, usually harmless", expert.severity.CHAT),
    ["harmless or not, it depends"] = expert_of("depends", "Dropped", expert.severity.NOTE),
    ["usually trouble"] = expert_of("trouble", "Dropped, usually trouble", expert.severity.WARN),
}
local unexplained = expert_of("unexplained", "Dropped", expert.severity.NOTE)
droprec.experts = { unexplained }
for _, of in pairs(experts) do
    table.insert(droprec.experts, of)
end

-- The value behind an opening quote, and where the text goes on.
local function unquote(comment, at)
    local value = ""
    while true do
        local mark = comment:find('["\\]', at)
        if not mark then
            return nil
        end
        value = value .. comment:sub(at, mark - 1)
        if comment:sub(mark, mark) == '"' then
            return value, mark + 1
        end
        if mark == #comment then
            return nil
        end
        value = value .. comment:sub(mark + 1, mark + 1)
        at = mark + 2
    end
end

-- The pairs of droprec's comment in their order, as far as they are well-formed.
local function pairs_of(comment)
    local at = #"droprec" + 1
    return function()
        local key, start = comment:match('^ ([^ "\\=]+)=()', at)
        if not key then
            return nil
        end
        local value
        if comment:sub(start, start) == '"' then
            value, at = unquote(comment, start + 1)
            if not value then
                at = #comment + 1
                return nil
            end
        else
            value, at = comment:match("^([^ ]*)()", start)
        end
        return key, value
    end
end

local comment_of = Field.new("frame.comment")

-- Lines that Wireshark gives of a comment.
local MOST_LINES = 30

-- From 4.4 on, Wireshark gives of a comment of several lines the first line, each line, and then the whole. None of these
-- lines is a comment of its own, however much it looks like droprec's.
local function remove_lines(all, whole)
    local line = whole:match("^[^\n]*")
    local _, breaks = whole:sub(1, -2):gsub("\n", "")
    local count = breaks + 1
    -- An empty one stands for those beyond.
    local given = math.min(count, MOST_LINES) + (count > MOST_LINES and 1 or 0) + 1
    local first = #all - given + 1
    if first > 0 and all[first] == line and all[first + 1] == line then
        for _ = 1, given do
            table.remove(all)
        end
    end
end

-- A packet's comments as they stand in the file.
local function comments()
    local all = {}
    for _, info in ipairs({ comment_of() }) do
        local comment = tostring(info.value)
        if comment:find("\n", 1, true) then
            remove_lines(all, comment)
        end
        table.insert(all, comment)
    end
    return all
end

-- The comment with droprec's pairs; the sentence, the first one before it; and the call stack, the next one behind it.
local function told()
    local all = comments()
    for index, comment in ipairs(all) do
        if comment:sub(1, 10) == "droprec v=" then
            return comment, index > 1 and all[1] or nil, all[index + 1]
        end
    end
end

-- A reason that says nothing leaves it to the place, and so does one that the place knows better than.
local function explanation(reason, func)
    local known = reason and func and better[reason .. " at " .. func]
    if known then
        return known
    end
    local own = reason and explanations[reason]
    local says_nothing = not reason
        or reason == "NOT_SPECIFIED"
        or reason == "SKB_NOT_DROPPED_YET"
        or reason:match("^%d+$")
    if says_nothing then
        return func and explanations[func] or own
    end
    return own
end

-- A function without the suffix of a compiler's copy, its offset, and its module.
local function parts_of(location)
    local func, offset = location:match("^([^.+ %[]+)[^+ %[]*%+(0x%x+)")
    return func, offset and uint32(offset), location:match(" %[([^%]]+)%]$")
end

local function add_if_known(tree, field, value)
    if value then
        tree:add(field, value)
    end
end

-- By droprec's keys: what stands below a value.
local parts = {
    loc = function(item, location)
        local func, offset, module = parts_of(location)
        add_if_known(item, derived.func, func)
        add_if_known(item, derived.offset, offset)
        add_if_known(item, derived.module, module)
    end,
    gso = function(item, gso)
        local segments, size = gso:match("^(%d+)x(%d+)$")
        add_if_known(item, derived.segments, segments and uint32(segments))
        add_if_known(item, derived.segment_size, uint32(size or gso))
    end,
}

-- Of text, sentence by sentence: Wireshark cuts long values.
local function add_all(tree, field, values)
    for _, value in ipairs(values) do
        tree:add(field, value)
    end
end

local function add_explanation(tree, found)
    tree:add(derived.verdict, found.verdict)
    add_all(tree, derived.meaning, found.meaning)
    add_all(tree, derived.check, found.check)
    add_all(tree, derived.counter, found.counters)
end

-- The frame where the packet was dropped, and below it those that led there.
local function add_stack(tree, comment)
    local key, stack = pairs_of(comment)()
    if key ~= "stack" then
        return
    end
    local item
    for frame in stack:gmatch("[^;]+") do
        local added = (item or tree):add(derived.stack, text(frame))
        item = item or added
    end
end

-- What the keys hold, in the comment's order and by key, and what they do not.
local function read(comment)
    local order, held, others = {}, {}, {}
    for key, value in pairs_of(comment) do
        -- The first one of a key holds.
        local known = held[key] == nil and keys[key]
        local read_value = known and known[2](value)
        if read_value then
            held[key] = read_value
            table.insert(order, key)
        else
            table.insert(others, text(key .. "=" .. value))
        end
    end
    return order, held, others
end

function droprec.dissector(_, _, tree)
    local comment, sentence, stack = told()
    if not comment then
        return
    end
    local order, held, others = read(comment)
    local place = held.loc and " at " .. held.loc or held.hw and " by hardware" or ""
    local summary = (held.reason or "no reason given") .. place
    local top = tree:add(droprec)
    top:append_text(": " .. summary)
    if sentence then
        top:add(derived.sentence, text(sentence))
    end
    local found = explanation(held.reason, held.loc and parts_of(held.loc))
    if found then
        add_explanation(top, found)
    end
    for _, key in ipairs(order) do
        local item = top:add(keys[key][1], held[key])
        if parts[key] then
            parts[key](item, held[key])
        end
    end
    add_all(top, derived.other, others)
    if stack and stack:sub(1, 14) == "droprec stack=" then
        add_stack(top, stack)
    end
    top:add_proto_expert_info(found and experts[found.verdict] or unexplained, summary)
end

-- Without the second argument, which would have every field of every packet made, and take twice the time.
register_postdissector(droprec)
