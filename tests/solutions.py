"""Solutions as people paste them from LeetCode, with inputs and answers."""

from typing import NamedTuple


class Solution(NamedTuple):
    source: str
    pairs: tuple[tuple[str, str], ...]


_LINKED = """\
# Definition for singly-linked list.
# class ListNode:
#     def __init__(self, val=0, next=None):
#         self.val = val
#         self.next = next
"""
_TREE = """\
# Definition for a binary tree node.
# class TreeNode:
#     def __init__(self, val=0, left=None, right=None):
#         self.val = val
#         self.left = left
#         self.right = right
"""

SOLUTIONS = {
    "addTwo": Solution(
        _LINKED
        + """\
class Solution:
    def addTwoNumbers(self, l1: Optional[ListNode], l2: Optional[ListNode]) -> Optional[ListNode]:
        dummy = cur = ListNode()
        carry = 0
        while l1 or l2 or carry:
            s = carry + (l1.val if l1 else 0) + (l2.val if l2 else 0)
            carry, d = divmod(s, 10)
            cur.next = ListNode(d)
            cur = cur.next
            l1 = l1.next if l1 else None
            l2 = l2.next if l2 else None
        return dummy.next
""",
        (("l1 = [2,4,3], l2 = [5,6,4]", "[7, 0, 8]"), ("[9],[1]", "[0, 1]")),
    ),
    "mergeK": Solution(
        _LINKED
        + """\
class Solution:
    def mergeKLists(self, lists: List[Optional[ListNode]]) -> Optional[ListNode]:
        heap = []
        for i, l in enumerate(lists):
            if l:
                heapq.heappush(heap, (l.val, i, l))
        head = tail = ListNode(0)
        while heap:
            v, i, node = heappop(heap)
            tail.next = node
            tail = node
            if node.next:
                heappush(heap, (node.next.val, i, node.next))
        return head.next
""",
        (("[[1,4,5],[1,3,4],[2,6]]", "[1, 1, 2, 3, 4, 4, 5, 6]"), ("[[],[1]]", "[1]")),
    ),
    "cycle": Solution(
        _LINKED
        + """\
class Solution:
    def hasCycle(self, head: Optional[ListNode]) -> bool:
        slow = fast = head
        while fast and fast.next:
            slow = slow.next
            fast = fast.next.next
            if slow is fast:
                return True
        return False
""",
        (("head = [3,2,0,-4], pos = 1", "True"), ("[1, 2]", "False")),
    ),
    "levelOrder": Solution(
        _TREE
        + """\
class Solution:
    def levelOrder(self, root: Optional[TreeNode]) -> List[List[int]]:
        if root is None:
            return []
        ans = []
        q = deque([root])
        while q:
            level = []
            for _ in range(len(q)):
                node = q.popleft()
                level.append(node.val)
                if node.left:
                    q.append(node.left)
                if node.right:
                    q.append(node.right)
            ans.append(level)
        return ans
""",
        (("[3,9,20,null,null,15,7]", "[[3], [9, 20], [15, 7]]"),),
    ),
    "invert": Solution(
        '''\
class Solution(object):
    def invertTree(self, root):
        """
        :type root: TreeNode
        :rtype: TreeNode
        """
        if root:
            root.left, root.right = self.invertTree(root.right), self.invertTree(root.left)
        return root
''',
        (("[4,2,7,1,3,6,9]", "[4, 7, 2, 9, 6, 3, 1]"),),
    ),
    "lca": Solution(
        _TREE
        + """\
class Solution:
    def lowestCommonAncestor(self, root: 'TreeNode', p: 'TreeNode', q: 'TreeNode') -> 'TreeNode':
        while root:
            if root.val < p.val and root.val < q.val:
                root = root.right
            elif root.val > p.val and root.val > q.val:
                root = root.left
            else:
                return root
""",
        (("root = [6,2,8,0,4,7,9,null,null,3,5], p = 2, q = 4", "[2, 0, 4, None, None, 3, 5]"),),
    ),
    "cloneGraph": Solution(
        '''\
"""
# Definition for a Node.
class Node:
    def __init__(self, val = 0, neighbors = None):
        self.val = val
        self.neighbors = neighbors if neighbors is not None else []
"""

from typing import Optional
class Solution:
    def cloneGraph(self, node: Optional['Node']) -> Optional['Node']:
        clones = {}
        def dfs(n):
            if n in clones:
                return clones[n]
            copy = Node(n.val)
            clones[n] = copy
            for m in n.neighbors:
                copy.neighbors.append(dfs(m))
            return copy
        return dfs(node) if node else None
''',
        (("[[2],[1]]", "[[2], [1]]"),),
    ),
    "copyRandom": Solution(
        '''\
"""
# Definition for a Node.
class Node:
    def __init__(self, x: int, next: 'Node' = None, random: 'Node' = None):
        self.val = int(x)
        self.next = next
        self.random = random
"""
class Solution:
    def copyRandomList(self, head: 'Optional[Node]') -> 'Optional[Node]':
        old = {None: None}
        cur = head
        while cur:
            old[cur] = Node(cur.val)
            cur = cur.next
        cur = head
        while cur:
            copy = old[cur]
            copy.next = old[cur.next]
            copy.random = old[cur.random]
            cur = cur.next
        return old[head]
''',
        (("[[7,null],[13,0]]", "[[7, None], [13, 0]]"),),
    ),
    "connect": Solution(
        '''\
"""
# Definition for a Node.
class Node:
    def __init__(self, val=0, left: 'Node' = None, right: 'Node' = None, next: 'Node' = None):
        self.val = val
        self.left = left
        self.right = right
        self.next = next
"""

class Solution:
    def connect(self, root: 'Optional[Node]') -> 'Optional[Node]':
        if not root:
            return root
        level = root
        while level.left:
            cur = level
            while cur:
                cur.left.next = cur.right
                if cur.next:
                    cur.right.next = cur.next.left
                cur = cur.next
            level = level.left
        return root
''',
        (("root = [1,2,3]", "[1, '#', 2, 3, '#']"),),
    ),
    "nary": Solution(
        '''\
"""
# Definition for a Node.
class Node:
    def __init__(self, val: Optional[int] = None, children: Optional[List['Node']] = None):
        self.val = val
        self.children = children
"""

class Solution:
    def preorder(self, root: 'Node') -> List[int]:
        out = []
        def go(n):
            if n is None:
                return
            out.append(n.val)
            for c in n.children:
                go(c)
        go(root)
        return out
''',
        (("root = [1,null,3,2,4,null,5,6]", "[1, 3, 5, 6, 2, 4]"),),
    ),
    "topK": Solution(
        """\
class Solution:
    def topKFrequent(self, nums: List[int], k: int) -> List[int]:
        count = Counter(nums)
        return nlargest(k, count.keys(), key=count.get)
""",
        (("[1,1,1,2,2,3], 2", "[1, 2]"),),
    ),
    "coin": Solution(
        """\
class Solution:
    def coinChange(self, coins: List[int], amount: int) -> int:
        @cache
        def dp(rest):
            if rest == 0:
                return 0
            if rest < 0:
                return inf
            return min(dp(rest - c) + 1 for c in coins)
        ans = dp(amount)
        return ans if ans < inf else -1
""",
        (("[1,2,5], 6", "2"),),
    ),
    "fibm": Solution(
        """\
class Solution:
    @lru_cache(maxsize=None)
    def fib(self, n: int) -> int:
        return n if n < 2 else self.fib(n - 1) + self.fib(n - 2)
""",
        (("4", "3"),),
    ),
    "kth": Solution(
        _TREE
        + """\
class Solution:
    def kthSmallest(self, root: Optional[TreeNode], k: int) -> int:
        ans = -1
        def inorder(node):
            nonlocal k, ans
            if not node:
                return
            inorder(node.left)
            k -= 1
            if k == 0:
                ans = node.val
                return
            inorder(node.right)
        inorder(root)
        return ans
""",
        (("root = [3,1,4,null,2], k = 1", "1"),),
    ),
    "rotate": Solution(
        '''\
class Solution:
    def rotate(self, matrix: List[List[int]]) -> None:
        """
        Do not return anything, modify matrix in-place instead.
        """
        matrix.reverse()
        for i in range(len(matrix)):
            for j in range(i):
                matrix[i][j], matrix[j][i] = matrix[j][i], matrix[i][j]
''',
        (("[[1,2],[3,4]]", "[[3, 1], [4, 2]]"),),
    ),
    "merge": Solution(
        '''\
class Solution:
    def merge(self, nums1: List[int], m: int, nums2: List[int], n: int) -> None:
        """
        Do not return anything, modify nums1 in-place instead.
        """
        while n > 0:
            if m > 0 and nums1[m - 1] > nums2[n - 1]:
                nums1[m + n - 1] = nums1[m - 1]
                m -= 1
            else:
                nums1[m + n - 1] = nums2[n - 1]
                n -= 1
''',
        (("nums1 = [1,2,3,0,0,0], m = 3, nums2 = [2,5,6], n = 3", "[1, 2, 2, 3, 5, 6]"),),
    ),
    "reorder": Solution(
        _LINKED
        + '''\
class Solution:
    def reorderList(self, head: Optional[ListNode]) -> None:
        """
        Do not return anything, modify head in-place instead.
        """
        slow, fast = head, head.next
        while fast and fast.next:
            slow = slow.next
            fast = fast.next.next
        second = slow.next
        prev = slow.next = None
        while second:
            second.next, prev, second = prev, second, second.next
        first, second = head, prev
        while second:
            a, b = first.next, second.next
            first.next = second
            second.next = a
            first, second = a, b
''',
        (("[1,2,3,4]", "[1, 4, 2, 3]"),),
    ),
    "flatten": Solution(
        _TREE
        + '''\
class Solution:
    def flatten(self, root: Optional[TreeNode]) -> None:
        """
        Do not return anything, modify root in-place instead.
        """
        cur = root
        while cur:
            if cur.left:
                p = cur.left
                while p.right:
                    p = p.right
                p.right = cur.right
                cur.right = cur.left
                cur.left = None
            cur = cur.right
''',
        (("[1,2,5,3,4,null,6]", "[1, None, 2, None, 3, None, 4, None, 5, None, 6]"),),
    ),
    "islands": Solution(
        """\
class Solution:
    def numIslands(self, grid: List[List[str]]) -> int:
        rows, cols = len(grid), len(grid[0])
        seen = set()
        def bfs(r, c):
            q = collections.deque([(r, c)])
            seen.add((r, c))
            while q:
                r, c = q.popleft()
                for dr, dc in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                    x, y = r + dr, c + dc
                    if 0 <= x < rows and 0 <= y < cols and grid[x][y] == "1" and (x, y) not in seen:
                        seen.add((x, y))
                        q.append((x, y))
        ans = 0
        for r, c in product(range(rows), range(cols)):
            if grid[r][c] == "1" and (r, c) not in seen:
                bfs(r, c)
                ans += 1
        return ans
""",
        (('[["1","0"],["0","1"]]', "2"),),
    ),
    "prefix": Solution(
        """\
class Solution:
    def pivot(self, nums: List[int]) -> int:
        pre = [0, *accumulate(nums)]
        for i, (a, b) in enumerate(pairwise(pre)):
            if a == pre[-1] - b:
                return i
        return -1
""",
        (("[1,7,3,6,5,6]", "3"),),
    ),
    "bst": Solution(
        _TREE
        + """\
class Solution:
    def sortedArrayToBST(self, nums: List[int]) -> Optional[TreeNode]:
        if not nums:
            return None
        mid = len(nums) // 2
        left, right = self.sortedArrayToBST(nums[:mid]), self.sortedArrayToBST(nums[mid + 1:])
        return TreeNode(nums[mid], left, right)
""",
        (("[-10,-3,0,5,9]", "[0, -3, 9, -10, None, 5]"),),
    ),
    "sortw": Solution(
        """\
class Solution:
    def largestNumber(self, nums: List[int]) -> str:
        s = sorted(map(str, nums), key=cmp_to_key(lambda a, b: -1 if a + b > b + a else 1))
        return "".join(s) if s[0] != "0" else "0"
""",
        (("[3,30,34,5,9]", "'9534330'"),),
    ),
    "gen": Solution(
        """\
class Solution:
    def evens(self, nums: List[int]):
        for n in nums:
            if n % 2 == 0:
                yield n
""",
        (("[1,2,4]", "[2, 4]"),),
    ),
    "plain": Solution(
        """\
def middle(head: Optional[ListNode]) -> Optional[ListNode]:
    slow = fast = head
    while fast and fast.next:
        slow, fast = slow.next, fast.next.next
    return slow
""",
        (("[1,2,3,4,5]", "[3, 4, 5]"),),
    ),
    "removeNth": Solution(
        """\
class ListNode:
    def __init__(self, val=0, next=None):
        self.val = val
        self.next = next
class Solution:
    def removeNthFromEnd(self, head: ListNode, n: int) -> ListNode:
        dummy = ListNode(0, head)
        a = b = dummy
        for _ in range(n):
            a = a.next
        while a.next:
            a, b = a.next, b.next
        b.next = b.next.next
        return dummy.next
""",
        (("[1,2,3,4,5], 2", "[1, 2, 3, 5]"), ("[1], 1", "None")),
    ),
}
